/** Reads two lines per pair, the old schema and the new one, and writes what Apicurio says of each: empty, or why not. */
import io.apicurio.registry.content.TypedContent;
import io.apicurio.registry.rules.compatibility.CompatibilityLevel;
import io.apicurio.registry.rules.compatibility.JsonSchemaCompatibilityChecker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class Compatible {
    static TypedContent schema(String text) {
        return TypedContent.create(text, "application/json");
    }

    public static void main(String[] given) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        var checker = new JsonSchemaCompatibilityChecker();
        for (String old = in.readLine(); old != null; old = in.readLine()) {
            var found =
                    checker.testCompatibility(
                            CompatibilityLevel.BACKWARD, List.of(schema(old)), schema(in.readLine()), Map.of());
            out.println(
                    found.getIncompatibleDifferences().stream()
                            .map(each -> each.asRuleViolation())
                            .map(each -> each.getContext() + " " + each.getDescription())
                            .sorted()
                            .collect(Collectors.joining("; ")));
        }
        out.flush();
    }
}
