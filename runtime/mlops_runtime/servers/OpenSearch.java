import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/**
 * One OpenSearch node on loopback, until SIGTERM: `java -cp 'jars/*' OpenSearch.java FOLDER HOST PORT`.
 *
 * The runner's own main hides why it fails; here an error is printed, and ends the process.
 */
public class OpenSearch {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    String host = arguments[1];
    int port = Integer.parseInt(arguments[2]);
    OpenSearchRunner node = new OpenSearchRunner();
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    node.close();
                  } catch (Exception problem) {
                    problem.printStackTrace();
                  }
                  stopped.countDown();
                }));
    node.onBuild(
            (number, settings) -> {
              settings.put("network.host", host);
              settings.put("http.port", port);
              // Nobody else joins.
              settings.put("transport.port", "0");
              settings.put("discovery.type", "single-node");
              settings.putList("node.roles", "cluster_manager", "data", "ingest");
              settings.putList("discovery.seed_hosts");
              settings.remove("cluster.initial_cluster_manager_nodes");
              settings.remove("cluster.initial_master_nodes");
              // An index that no template describes would guess its types.
              settings.put("action.auto_create_index", "-*");
            })
        .build(
            OpenSearchRunner.newConfigs()
                .clusterName("mlops")
                .basePath(folder.toString())
                .numOfNode(1)
                .useLogger());
    System.out.println("OpenSearch answers at http://" + host + ":" + port);
    stopped.await();
  }
}
