/** A step that did not do what it was to do. */
class Failed extends RuntimeException { Failed(String message) { super(message) } }
