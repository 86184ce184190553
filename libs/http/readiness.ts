// What /health/ready asks. Provide one per app: `{ provide: Readiness, useClass: … }`; without one the app is always ready.

/** `reasons` gives a short sentence for each thing that keeps the service from serving well; [] means ready. */
export abstract class Readiness {
  abstract reasons(): Promise<string[]>;
}
