/** One field that a request got wrong. */
export interface FieldProblem {
  field?: string;
  code?: string;
  message?: string;
}

/** Problem details (RFC 9457) of a service's answer. */
export interface Problem {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
}

/** A request that failed. `status` is 0 when there was no answer at all. */
export class CommerceError extends Error {
  override readonly name = 'CommerceError';
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem, cause?: unknown) {
    super(problem.detail ?? problem.title ?? (status ? `HTTP ${status}` : 'no answer'), { cause });
    this.status = status;
    this.problem = problem;
  }

  /** The last part of the problem's type, or what the status says. */
  get code(): string {
    return this.problem.type?.split(':').pop() || (this.status ? `http_${this.status}` : 'network');
  }

  get requestId(): string | undefined {
    return this.problem.request_id;
  }

  get errors(): readonly FieldProblem[] {
    return this.problem.errors ?? [];
  }
}
