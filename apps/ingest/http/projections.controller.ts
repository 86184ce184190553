import { Controller, Get } from '@nestjs/common';
import { RequireScope } from '#libs/http/auth.js';

@Controller('ops/projections')
@RequireScope('ops')
export class ProjectionsController {
  /** Ingest folds no topic: the list that every service has is empty here, so that a tool can ask all of them alike. */
  @Get()
  list(): { data: readonly never[]; next_cursor: null } {
    return { data: [], next_cursor: null };
  }
}
