// What the operator routes take.
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

const LARGEST = Number.MAX_SAFE_INTEGER;

/** `…/metering.usage/usage.recorded/3/…`; all text, as paths are. */
export class PartitionPath {
  @Matches(/^[a-zA-Z0-9._-]{1,100}$/)
  projection!: string;

  @Matches(/^[a-zA-Z0-9._-]{1,249}$/)
  topic!: string;

  @Matches(/^\d{1,5}$/)
  partition!: string;
}

/** Why, for the audit. */
export class NoteBody {
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  note?: string;
}

/** The record to keep out of the fold. */
export class QuarantineBody extends NoteBody {
  @IsInt()
  @Min(0)
  @Max(LARGEST)
  offset!: number;
}

/** The gap to go on behind, both ends inclusive. */
export class GapBody extends NoteBody {
  @IsInt()
  @Min(0)
  @Max(LARGEST)
  from!: number;

  @IsInt()
  @Min(-1)
  @Max(LARGEST - 1)
  to!: number;
}
