/** Agents, their workspaces, and what `sh` does on them. */
class Machine {

    final Map scenario
    final StringBuilder log = new StringBuilder()
    final Set<String> secrets = [] as Set
    private int made = 0
    /** Seconds that have passed, as a scenario says: no limit of time depends on how busy this machine is. */
    long now = 0

    Machine(Map scenario) { this.scenario = scenario }

    File workspace(String label) {
        def folder = new File("${scenario.folder}/${label}-${++made}/workspace")
        folder.mkdirs()
        folder
    }

    /** As the Git plugin does; gives what it tells the build. */
    Map<String, String> checkout(File workspace) {
        def git = { List words ->
            def process = (['git', '-c', 'advice.detachedHead=false'] + words).execute((List) null, workspace)
            def said = process.errorStream.text
            if (process.waitFor() != 0) throw new Failed("git ${words.join(' ')}: ${said}")
        }
        git(['clone', '--quiet', '--no-checkout', scenario.repository, '.'])
        git(['checkout', '--quiet', '--detach', scenario.commit])
        [GIT_COMMIT: scenario.commit, GIT_BRANCH: scenario.branch, GIT_URL: scenario.repository]
    }

    void say(String text) {
        def shown = text
        secrets.each { if (it) shown = shown.replace(it, '****') }
        log << shown << '\n'
    }

    /** `sh -xe` in a session of its own, so that all of it can be ended. */
    Map execute(String text, File workspace, Map<String, String> variables, Long deadline) {
        def folder = new File(workspace.parentFile, 'workspace@tmp')
        folder.mkdirs()
        def script = File.createTempFile('script', '.sh', folder)
        script.text = text
        def output = File.createTempFile('output', '', folder)
        def builder = new ProcessBuilder('setsid', '--wait', 'sh', '-xe', script.path).directory(workspace)
        builder.environment().clear()
        variables.each { name, value -> builder.environment().put(name, String.valueOf(value)) }
        builder.redirectOutput(output).redirectError(ProcessBuilder.Redirect.appendTo(new File(folder, 'errors')))
        def errors = new File(folder, 'errors')
        def before = errors.exists() ? errors.length() : 0
        def process = builder.start()
        def why = awaited(process, deadline)
        say(errors.exists() ? errors.text.substring((int) Math.min(before, errors.text.length())) : '')
        if (why != null) {
            say(output.text)
            throw new Aborted(why)
        }
        [status: process.exitValue(), output: output.text]
    }

    /** Null where it ended by itself. */
    private String awaited(Process process, Long deadline) {
        while (process.alive) {
            def asked = scenario.abortFile && new File(scenario.abortFile).exists()
            def late = passed() && deadline != null && now > deadline
            if (asked || late) {
                end(process)
                if (asked) new File(scenario.abortFile).delete()
                return asked ? 'somebody aborted the build' : 'the time is over'
            }
            Thread.sleep(10)
        }
        null
    }

    private boolean passed() {
        def file = new File(scenario.minutesFile as String)
        if (!file.exists() || !file.text.trim().isInteger()) return false
        now += 60 * file.text.trim().toInteger()
        file.delete()
        true
    }

    private static void end(Process process) {
        def all = process.toHandle().descendants().collect { it } + process.toHandle()
        all.each { it.destroy() }
        def last = System.currentTimeMillis() + 5000
        while (all.any { it.alive } && System.currentTimeMillis() < last) Thread.sleep(10)
        all.each { it.destroyForcibly() }
        process.waitFor()
    }
}
