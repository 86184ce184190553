// What a simulation is asked for, and how its answers are read.
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsIn, IsOptional } from 'class-validator';
import { Describe, IsMonthText } from '#libs/http/fields.js';
import { PageQuery } from '#libs/http/page.js';

export const OUTCOMES = ['winner', 'loser', 'unchanged', 'incomplete', 'skipped'] as const;

export class SimulationBody {
  @Describe(
    'The draft: the document itself, or its text as YAML or JSON. It holds for all of the month.',
  )
  @IsDefined()
  catalog!: unknown;

  @Describe('The calendar month (UTC) whose usage is priced again.')
  @IsMonthText()
  period!: string;

  @Describe('Only these organizations; everyone when absent.')
  @IsOptional()
  @IsArray({ message: 'must be a list of organizations' })
  @ArrayMinSize(1, { message: 'must name at least one organization, or be left out' })
  @ArrayMaxSize(10_000)
  organizations?: string[];
}

export class SimulationsQuery extends PageQuery {}

export class SimulationQuery extends PageQuery {
  @Describe('Only organizations with this outcome')
  @IsOptional()
  @IsIn(OUTCOMES, { message: `must be one of ${OUTCOMES.join(', ')}` })
  outcome?: (typeof OUTCOMES)[number];
}
