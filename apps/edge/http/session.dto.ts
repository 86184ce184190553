import { IsString, MaxLength } from 'class-validator';

/** Body of POST /session. */
export class SessionBody {
  /** An API key: `mb_…`. */
  @IsString()
  @MaxLength(200)
  key!: string;
}
