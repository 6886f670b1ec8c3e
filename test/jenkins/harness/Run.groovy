
/** One build of one Jenkinsfile. */
class Run {

    static final Map<String, Long> UNITS = [SECONDS: 1, MINUTES: 60, HOURS: 3600, DAYS: 86400]
    static final List<String> ENDS = ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable',
                                      'unsuccessful', 'cleanup']

    final Map scenario
    final Machine machine
    final List<Map> events = []
    final Map<String, String> global = [:]
    final Map<String, Object> params = [:]
    final List<Map<String, String>> overlays = []
    final List<Map> agents = []
    final List<Long> deadlines = []
    final Map<String, Map<String, byte[]>> stashes = [:]
    final List<Map> blocks = [[kind: 'file']]
    Map pipeline
    String result = 'SUCCESS'
    String stage = null
    boolean stopped = false

    Run(Map scenario) {
        this.scenario = scenario
        this.machine = new Machine(scenario)
    }

    Map play() {
        def problem = null
        try {
            load()
            Declared.check(pipeline) { throw new Wrong(it) }
            build()
        } catch (Wrong | MissingMethodException | MissingPropertyException each) {
            problem = each.message
            result = 'FAILURE'
        }
        [name: scenario.name, result: result, problem: problem, events: events, log: machine.log.toString()]
    }

    private void load() {
        def file = new File(scenario.jenkinsfile)
        def helper = new Helper(scriptRoots: [file.parent] as String[], scriptExtension: '', baseScriptRoot: '', baseClassloader: Run.classLoader)
        helper.dispatch = { String name, List given -> called(name, given) }
        helper.init()
        def binding = new Names(this, [env: new Env(this), params: params, any: 'any', none: 'none', scm: 'scm', currentBuild: [:]])
        helper.loadScript(file.name, binding).run()
        if (pipeline == null) throw new Wrong('the file declares no pipeline')
    }

    /** A word, in the innermost block that is open. */
    private Object called(String name, List given) {
        def block = blocks.last()
        if (!Declared.WORDS[block.kind].contains(name)) throw new Wrong("'${name}' does not belong into ${block.kind}")
        switch (block.kind) {
            case 'steps': return new Steps(this).step(name, given)
            case 'when': return condition(block, name, given)
            case 'options':
                if (name == 'logRotator') return given
                block.found << [name: name, given: given]
                return null
            case 'agent':
                block.found << given[0]
                return null
            case 'parameters':
                block.found << [kind: name] + (given[0] as Map)
                return null
            case 'triggers':
                return null
            case 'post':
                block.found[name] = given[0]
                return null
            case 'environment': return new Credentials(id: given[0])
            case ['stages', 'parallel']: return declare(block.found, [kind: 'stage', name: given[0] as String], given[1] as Closure)
            default: return section(block, name, given)
        }
    }

    private void declare(List all, Map node, Closure body) {
        all << node
        within(node, body)
    }

    private Object section(Map block, String name, List given) {
        if (name == 'pipeline') {
            pipeline = [kind: 'pipeline', name: null]
            return within(pipeline, given[0] as Closure)
        }
        if (block[name] != null) throw new Wrong("${name} stands twice in ${block.name ?: 'the pipeline'}")
        switch (name) {
            case ['environment', 'steps', 'input', 'failFast']:
                block[name] = given[0]
                break
            case 'agent':
                block.agent = given[0] instanceof Closure ? [label: found('agent', given[0])[0]] : [label: given[0]]
                break
            case 'post':
                def inside = [kind: 'post', found: [:]]
                within(inside, given[0] as Closure)
                block.post = inside.found
                break
            default: block[name] = found(name, given[0])
        }
        null
    }

    private List found(String kind, Object body) {
        def inside = [kind: kind, found: []]
        within(inside, body as Closure)
        inside.found
    }

    Object within(Map block, Closure body) {
        blocks << block
        try {
            return body.call()
        } finally {
            blocks.pop()
        }
    }

    private Object condition(Map block, String name, List given) {
        def nested = name in ['not', 'allOf', 'anyOf'] ? found('when', given[0]) : null
        block.found << [name: name, given: given, nested: nested]
        null
    }

    private void build() {
        (pipeline.parameters ?: []).each { each ->
            def usual = each.kind == 'choice' ? each.choices[0] : each.defaultValue
            def stated = scenario.parameters?.get(each.name)
            if (each.kind == 'choice' && stated != null && !(stated in each.choices)) throw new Wrong("${each.name} cannot be ${stated}")
            params[each.name as String] = stated ?: usual
        }
        scenario.variables.each { name, value -> global[name as String] = value as String }
        params.each { name, value -> global[name] = value as String }
        events << [event: 'options', options: (pipeline.options ?: [])*.name]
        timed(pipeline) { onAgent(pipeline) { inEnvironment(pipeline) {
            guarded { pipeline.stages.each { run(it) } }
            end(pipeline)
        } } }
        events << [event: 'result', result: result]
    }

    private void run(Map node) {
        if (stopped) {
            events << [event: 'skipped', stage: node.name, why: 'an earlier failure']
            return
        }
        def outer = stage
        stage = node.name
        guarded {
            timed(node) {
                if (node.input) throw new Wrong('the directive input is not played; use the step')
                def early = node.when?.any { it.name == 'beforeAgent' && it.given[0] == true }
                if (early && !holds(node)) return skip(node)
                onAgent(node) { inEnvironment(node) {
                    if (!early && !holds(node)) return skip(node)
                    events << [event: 'stage', stage: node.name]
                    guarded {
                        if (node.steps) within([kind: 'steps'], node.steps as Closure)
                        (node.stages ?: node.parallel ?: []).each { run(it) }
                    }
                    end(node)
                } }
            }
        }
        stage = outer
    }

    private Object skip(Map node) {
        events << [event: 'skipped', stage: node.name, why: 'when']
    }

    /** What fails ends the build, and its `post` blocks go on. */
    private void guarded(Closure work) {
        try {
            work.call()
        } catch (Aborted each) {
            note('ABORTED', each.message)
        } catch (Failed each) {
            note('FAILURE', each.message)
        }
    }

    private void note(String how, String why) {
        machine.say(why)
        events << [event: 'failed', stage: stage, result: how, why: why]
        if (result == 'SUCCESS') result = how
        stopped = true
    }

    private Object timed(Map node, Closure work) {
        def limit = node.options?.find { it.name == 'timeout' }
        limited(limit == null ? null : limit.given[0] as Map, work)
    }

    Object limited(Map limit, Closure work) {
        if (limit == null) return work.call()
        def seconds = (limit.time as long) * UNITS[(limit.unit ?: 'MINUTES') as String]
        deadlines << machine.now + seconds
        try {
            return work.call()
        } finally {
            deadlines.pop()
        }
    }

    Long deadline() { deadlines ? deadlines.min() : null }

    private Object onAgent(Map node, Closure work) {
        def label = node.agent?.label
        if (label == null || label == 'none') return work.call()
        if (label != 'any' && !(label in scenario.agents)) throw new Wrong("no agent has the label ${label}")
        def folder = machine.workspace(label as String)
        events << [event: 'agent', label: label, stage: stage, workspace: folder.path]
        agents << [label: label, folder: folder]
        try {
            def told = ((node.options ?: []) + (pipeline.options ?: [])).any { it.name == 'skipDefaultCheckout' } ? [:] : machine.checkout(folder)
            overlaid(told + [WORKSPACE: folder.path], work)
        } finally {
            agents.pop()
        }
    }

    Object overlaid(Map<String, String> values, Closure work) {
        overlays << values
        try {
            return work.call()
        } finally {
            overlays.pop()
        }
    }

    private Object inEnvironment(Map node, Closure work) {
        if (node.environment == null) return work.call()
        def assigned = new Assigned(this)
        def body = (node.environment as Closure).clone() as Closure
        body.delegate = assigned
        body.resolveStrategy = Closure.DELEGATE_FIRST
        within([kind: 'environment'], body)
        def values = assigned.values.collectEntries { name, value ->
            [name, value instanceof Credentials ? secret(value.id) : value as String]
        }
        overlaid(values as Map, work)
    }

    String secret(Object id) {
        def value = scenario.credentials?.get(id)
        if (value == null) throw new Failed("Could not find credentials entry with ID '${id}'")
        machine.secrets << (value as String)
        value
    }

    Map<String, String> variables() {
        def all = new LinkedHashMap(scenario.machine as Map) + global
        overlays.each { all.putAll(it) }
        all
    }

    private boolean holds(Map node) { (node.when ?: []).every { isTrue(it) } }

    private boolean isTrue(Map each) {
        def first = each.given ? each.given[0] : null
        switch (each.name) {
            case 'branch': return variables().BRANCH_NAME == first && variables().CHANGE_ID == null
            case 'changeRequest': return variables().CHANGE_ID != null
            case 'environment': return variables()[first.name as String] == first.value
            case 'expression': return within([kind: 'steps'], first as Closure) as boolean
            case 'not': return !each.nested.every { isTrue(it) }
            case 'allOf': return each.nested.every { isTrue(it) }
            case 'anyOf': return each.nested.any { isTrue(it) }
            default: return true
        }
    }

    /** `post`, also after a failure; what fails in one block holds up none of the others. */
    private void end(Map node) {
        def before = scenario.previous ?: 'SUCCESS'
        def holds = [
            always: true, cleanup: true, changed: result != before, fixed: result == 'SUCCESS' && before != 'SUCCESS',
            regression: result != 'SUCCESS' && before == 'SUCCESS', aborted: result == 'ABORTED', failure: result == 'FAILURE',
            success: result == 'SUCCESS', unstable: result == 'UNSTABLE', unsuccessful: result != 'SUCCESS',
        ]
        ENDS.each { name ->
            def body = node.post?.get(name)
            if (body == null || !holds[name]) return
            events << [event: 'post', stage: node.name, condition: name]
            guarded { within([kind: 'steps'], body as Closure) }
        }
    }
}

class Credentials { Object id }

/** Names that a Jenkinsfile uses without `env.` are the build's variables too. */
class Names extends Binding {
    private final Run run
    Names(Run run, Map variables) { super(variables); this.@run = run }
    @Override
    Object getVariable(String name) {
        if (super.hasVariable(name)) return super.getVariable(name)
        def value = this.@run.variables()[name]
        if (value == null) throw new MissingPropertyException(name, Script)
        value
    }
}

/** `env` of a Jenkinsfile. */
class Env {
    private final Run run
    Env(Run run) { this.@run = run }
    Object getProperty(String name) { this.@run.variables()[name] }
    void setProperty(String name, Object value) { this.@run.global[name] = value as String }
}

/** What an `environment` block assigns. */
class Assigned {
    final Map<String, Object> values = [:]
    private final Run run
    Assigned(Run run) { this.@run = run }
    Object getProperty(String name) {
        if (name == 'values') return this.@values
        if (this.@values.containsKey(name)) return this.@values[name]
        throw new MissingPropertyException(name, Assigned)
    }
    void setProperty(String name, Object value) { this.@values[name] = value }
}
