// What a handler's own types cannot say to the OpenAPI document: bodies that are read as bytes, and the shapes of answers.
import type { BodySchemas, DescribedAnswer } from './described-shapes.js';
import { routeFacts } from './route-facts.js';

/** Describes the body of a route that reads its bytes itself (`@Req()`), by media type. Changes nothing of what is taken. */
export function DescribeBody(body: BodySchemas): MethodDecorator {
  return routeFacts({ body });
}

/** Describes the answers of a route by status: `{ 202: { description: 'Taken', schema } }`. Changes nothing of what is answered. */
export function DescribeAnswers(
  answers: Readonly<Record<number, DescribedAnswer>>,
): MethodDecorator {
  return routeFacts({ answers });
}
