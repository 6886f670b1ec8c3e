/** Ended by somebody, or by a limit of time. */
class Aborted extends RuntimeException { Aborted(String message) { super(message) } }
