// The bell of simulations, beside that of billing runs.
import { RunSignal } from '../store/run-signal.js';

export class SimulationSignal extends RunSignal {}
