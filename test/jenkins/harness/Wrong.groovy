/** Jenkins would not take this Jenkinsfile. */
class Wrong extends RuntimeException { Wrong(String message) { super(message) } }
