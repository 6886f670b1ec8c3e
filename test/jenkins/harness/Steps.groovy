import java.nio.file.FileSystems
import java.nio.file.FileVisitResult
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.SimpleFileVisitor
import java.nio.file.attribute.BasicFileAttributes

/** The steps that a Jenkinsfile of ours may call; what needs an agent says so where there is none. */
class Steps {
    private final Run run

    Steps(Run run) { this.run = run }

    Object step(String name, List given) {
        def first = given ? given[0] : null
        switch (name) {
            case 'sh': return shell(first instanceof Map ? first as Map : [script: first])
            case 'echo': run.machine.say(first as String); return null
            case 'error': throw new Failed(first as String)
            case 'script': return (first as Closure).call()
            case 'input': return ask(first instanceof Map ? first as Map : [message: first])
            case 'timeout': return run.limited(first as Map, given[1] as Closure)
            case 'retry': return repeated(first as int, given[1] as Closure)
            case 'catchError': return caught(first as Map, given[1] as Closure)
            case 'withEnv': return run.overlaid((first as List).collectEntries { it.toString().split('=', 2) as List }, given[1] as Closure)
            case 'string': return first
            case 'withCredentials': return withCredentials(first as List, given[1] as Closure)
            case 'fileExists': return new File(folder(name), first as String).exists()
            case 'readFile': return new File(folder(name), first as String).text
            case 'deleteDir': delete(folder(name)); return note([event: 'deleteDir'])
            case 'checkout': return run.machine.checkout(folder(name))
            case 'publishHTML': return publish(first.target as Map)
            case 'archiveArtifacts': return archive(first instanceof Map ? first as Map : [artifacts: first])
            case 'stash': run.stashes[first.name] = contents(first.includes as String, name); return null
            case 'unstash': return unstash((first instanceof Map ? first.name : first) as String)
            default: throw new Wrong("the step ${name} is not played")
        }
    }

    /** What a link leads to stays: Groovy's own `deleteDir` goes through it. */
    private static void delete(File folder) {
        Files.walkFileTree(folder.toPath(), new SimpleFileVisitor<Path>() {
            @Override
            FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                Files.delete(path)
                FileVisitResult.CONTINUE
            }

            @Override
            FileVisitResult postVisitDirectory(Path path, IOException problem) {
                if (problem != null) throw problem
                Files.delete(path)
                FileVisitResult.CONTINUE
            }
        })
    }

    private Object note(Map event) {
        run.events << ([stage: run.stage, label: run.agents ? run.agents.last().label : null] + event)
        null
    }

    private File folder(String name) {
        if (!run.agents) throw new Failed("${name} needs an agent, and stage '${run.stage}' has none")
        run.agents.last().folder as File
    }

    private Object shell(Map given) {
        def done = run.machine.execute(given.script as String, folder('sh'), run.variables(), run.deadline())
        note([event: 'sh', script: given.script as String, status: done.status])
        if (!given.returnStdout) run.machine.say(done.output as String)
        if (given.returnStatus) return done.status
        if (done.status != 0) throw new Failed("script returned exit code ${done.status}")
        given.returnStdout ? done.output : null
    }

    private Object ask(Map given) {
        note([event: 'input', message: given.message as String, held: run.agents*.label, submitter: given.submitter,
              isBounded: run.deadlines.size() > 1])
        def may = !given.submitter || (given.submitter as String).split(',').any { it in (scenarioOf().groups ?: []) }
        if (scenarioOf().consent == 'proceed' && may) return null
        if (scenarioOf().consent == 'abort') throw new Aborted('somebody did not agree')
        throw new Aborted('nobody who may has agreed in time')
    }

    private Map scenarioOf() { run.scenario }

    private Object repeated(int times, Closure work) {
        for (int left = times; ; left--)
            try {
                return work.call()
            } catch (Failed each) {
                if (left <= 1) throw each
            }
    }

    /** Of the results that it can leave behind, those that change nothing are played. */
    private Object caught(Map given, Closure work) {
        if (given.buildResult != 'SUCCESS' || given.stageResult != 'SUCCESS') throw new Wrong("catchError is played with 'SUCCESS' alone")
        try {
            return work.call()
        } catch (Failed each) {
            run.machine.say("ERROR: ${each.message}")
        } catch (Aborted each) {
            if (given.catchInterruptions == false) throw each
            run.machine.say("ERROR: ${each.message}")
        }
        null
    }

    private Object withCredentials(List bindings, Closure work) {
        note([event: 'credentials', ids: bindings*.credentialsId])
        run.overlaid(bindings.collectEntries { [it.variable as String, run.secret(it.credentialsId)] }, work)
    }

    private Object publish(Map target) {
        def file = new File(new File(folder('publishHTML'), target.reportDir as String), target.reportFiles as String)
        if (!file.exists() && !target.allowMissing) throw new Failed("${target.reportFiles} is not there to be published")
        note([event: 'publishHTML', name: target.reportName, bytes: file.exists() ? file.length() : 0])
    }

    private Object archive(Map given) {
        def found = contents(given.artifacts as String, 'archiveArtifacts')
        if (!found && !given.allowEmptyArchive) throw new Failed("no artifacts match ${given.artifacts}")
        note([event: 'archive', files: found.keySet().sort()])
    }

    private Map<String, byte[]> contents(String pattern, String name) {
        def root = folder(name).toPath()
        def matches = FileSystems.default.getPathMatcher("glob:${pattern}")
        def found = [:]
        Files.walk(root).each { path ->
            def below = root.relativize(path)
            if (Files.isRegularFile(path) && matches.matches(below)) found[below.toString()] = Files.readAllBytes(path)
        }
        found
    }

    private Object unstash(String name) {
        if (run.stashes[name] == null) throw new Failed("nothing is stashed as '${name}'")
        run.stashes[name].each { path, bytes ->
            def file = new File(folder('unstash'), path)
            file.parentFile.mkdirs()
            file.bytes = bytes
        }
        null
    }
}
