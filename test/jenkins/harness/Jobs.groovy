/** Which jobs a script of Job DSL asks for, as JSON: each call with its words and what stands in it. */
import groovy.json.JsonOutput

class Asked {
    final List<Map> calls = []

    Object methodMissing(String name, Object given) {
        def body = given ? given.last() : null
        def call = [name: name, words: given.findAll { !(it instanceof Closure) }, inside: []]
        calls << call
        if (body instanceof Closure) {
            def inside = new Asked()
            body.delegate = inside
            body.resolveStrategy = Closure.DELEGATE_FIRST
            body.call()
            call.inside = inside.calls
        }
        null
    }
}

abstract class Requested extends groovy.lang.Script {
    final Asked asked = new Asked()
    Object methodMissing(String name, Object given) { asked.methodMissing(name, given) }
}

def configuration = new org.codehaus.groovy.control.CompilerConfiguration(scriptBaseClass: Requested.name)
def script = new GroovyShell(getClass().classLoader, new Binding(), configuration).parse(new File(args[0]))
script.run()
println JsonOutput.toJson(script.asked.calls)
