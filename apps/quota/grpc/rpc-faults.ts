// Turns whatever was thrown into a gRPC status; nothing internal leaves the process.
import { Catch, type ExceptionFilter } from '@nestjs/common';
import { GrpcException, GrpcStatus } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import { isDatabaseAway } from '#libs/http/database-away.js';
import { Problem } from '#libs/http/problem.js';

/** The exception filter of the gRPC door. */
@Catch()
export class RpcFaults implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => grpcFault(error).getError());
  }
}

/** The gRPC status that stands for a refusal over HTTP; UNKNOWN says nothing of what went wrong here. */
export function grpcFault(error: unknown): GrpcException {
  if (error instanceof GrpcException) return error;
  if (isDatabaseAway(error))
    return new GrpcException('The database cannot answer now.', GrpcStatus.UNAVAILABLE);
  if (!(error instanceof Problem))
    return new GrpcException('Something went wrong here.', GrpcStatus.UNKNOWN);
  return new GrpcException(error.message, STATUSES[error.status] ?? GrpcStatus.UNKNOWN);
}

const STATUSES: Readonly<Record<number, GrpcStatus>> = {
  400: GrpcStatus.INVALID_ARGUMENT,
  401: GrpcStatus.UNAUTHENTICATED,
  403: GrpcStatus.PERMISSION_DENIED,
  404: GrpcStatus.NOT_FOUND,
  409: GrpcStatus.ABORTED,
  422: GrpcStatus.INVALID_ARGUMENT,
  503: GrpcStatus.UNAVAILABLE,
};
