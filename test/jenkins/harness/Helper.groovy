import com.lesfurets.jenkins.unit.MethodSignature
import com.lesfurets.jenkins.unit.PipelineTestHelper

/** Each word of Jenkins that a Jenkinsfile calls comes to one place, which knows in what block it stands. */
class Helper extends PipelineTestHelper {
    Closure dispatch

    @Override
    protected Map.Entry<MethodSignature, Closure> getAllowedMethodEntry(String name, Object... args) {
        if (!Declared.ALL.contains(name)) return null
        def types = args.collect { it == null ? Object : it.class } as Class[]
        def called = { Object... given -> dispatch(name, given as List) }
        new AbstractMap.SimpleEntry(new MethodSignature(name, types), called)
    }
}
