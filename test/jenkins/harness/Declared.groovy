/** What a Jenkinsfile declares, and the words that each of its blocks knows; another word fails, as in Jenkins. */
class Declared {
    static final Map<String, List<String>> WORDS = [
        file: ['pipeline'],
        pipeline: ['agent', 'options', 'parameters', 'environment', 'triggers', 'stages', 'post'],
        stage: ['agent', 'options', 'environment', 'when', 'input', 'steps', 'stages', 'parallel', 'failFast', 'post'],
        stages: ['stage'],
        parallel: ['stage'],
        agent: ['label'],
        options: ['timeout', 'disableConcurrentBuilds', 'buildDiscarder', 'logRotator', 'skipDefaultCheckout', 'timestamps',
                  'retry', 'preserveStashes', 'quietPeriod'],
        parameters: ['choice', 'string', 'booleanParam'],
        triggers: ['pollSCM', 'cron'],
        post: ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'cleanup'],
        when: ['branch', 'changeRequest', 'environment', 'expression', 'not', 'allOf', 'anyOf', 'beforeAgent', 'beforeInput', 'beforeOptions'],
        environment: ['credentials'],
        steps: ['sh', 'echo', 'error', 'script', 'dir', 'deleteDir', 'fileExists', 'readFile', 'input', 'timeout', 'retry',
                'catchError', 'withCredentials', 'withEnv', 'string', 'publishHTML', 'archiveArtifacts', 'stash', 'unstash', 'checkout'],
    ]
    static final Set<String> ALL = WORDS.values().flatten() as Set

    /** What is wrong with a stage or the pipeline as a whole. */
    static void check(Map node, Closure wrong) {
        if (node.kind == 'pipeline') {
            if (node.agent == null) wrong('the pipeline has no agent')
            if (!node.stages) wrong('the pipeline has no stages')
        } else {
            def work = ['steps', 'stages', 'parallel'].findAll { node[it] }
            if (work.size() != 1) wrong("stage '${node.name}' needs one of steps, stages and parallel, and has ${work}")
        }
        def names = (node.stages ?: node.parallel ?: [])*.name
        if (names.toSet().size() != names.size()) wrong("two stages are called the same: ${names}")
        (node.stages ?: node.parallel ?: []).each { check(it, wrong) }
    }
}
