// Read your own writes: the query parameters of every read that answers from a projection (http-contract.md, `as_of`).
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Extend it in a query DTO. The header `meterbook-at-least` fills `at_least` where the parameter is absent. */
export class AtLeastQuery {
  /** `usage.recorded:3:18220,accounts:0:9`: `PositionStore.waitFor` reads it. */
  @IsOptional()
  @IsString()
  @MaxLength(4_096)
  at_least?: string;

  /** How long to wait for it before 503 `not_yet`. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(30_000)
  wait_ms?: number = 1_000;
}

/** The same for a list in pages. */
export class AtLeastPageQuery extends AtLeastQuery {
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  cursor?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;
}
