/**
 * Plays Jenkinsfiles as we understand Jenkins to do it: JenkinsPipelineUnit loads and intercepts, `Run` interprets the
 * declarative part, `Machine` really executes `sh`. Scenarios come as JSON; what happened is written as JSON.
 *
 *   java -cp JARS:FOLDER groovy.ui.GroovyMain FOLDER/Play.groovy SCENARIOS RESULTS
 */
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

def scenarios = new JsonSlurper().parse(new File(args[0]))
new File(args[1]).text = JsonOutput.toJson(scenarios.collect { new Run(it).play() })
