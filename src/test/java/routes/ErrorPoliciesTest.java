package routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.model.CircuitBreakerDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.Test;

/** Camel ignores a mistyped policy without a word, and gives a route or step without an id one that changes. */
class ErrorPoliciesTest {

    private static final String ALL_ROLES = "api,worker,alerts";

    private final ModelCamelContext java = AllRoutes.inJava(ALL_ROLES);
    private final ModelCamelContext yaml = AllRoutes.inYaml(ALL_ROLES);

    ErrorPoliciesTest() throws Exception {}

    @Test
    void there_are_routes_to_look_at() {
        assertThat(java.getRouteDefinitions())
                .extracting(RouteDefinition::getRouteId)
                .contains("ingest-json", "store");
        assertThat(yaml.getRouteDefinitions())
                .extracting(RouteDefinition::getRouteId)
                .contains("welcome");
    }

    @Test
    void every_java_route_names_a_policy() {
        assertThat(java.getRouteDefinitions()).allSatisfy(route -> assertThat(route.getRouteConfigurationId())
                .as("policy of %s", route.getRouteId())
                .isNotBlank());
    }

    @Test
    void every_policy_that_is_named_exists() {
        Set<String> policies = java.getRouteConfigurationDefinitions().stream()
                .map(RouteConfigurationDefinition::getId)
                .collect(Collectors.toSet());

        assertThat(all()).allSatisfy(route -> {
            if (route.getRouteConfigurationId() != null) {
                assertThat(policies)
                        .as("policies for %s", route.getRouteId())
                        .contains(route.getRouteConfigurationId());
            }
        });
    }

    @Test
    void every_route_has_an_id_and_a_group() {
        assertThat(all()).allSatisfy(route -> {
            assertThat(route.hasCustomIdAssigned()).as("id of %s", route).isTrue();
            assertThat(route.getGroup()).as("group of %s", route.getRouteId()).isNotBlank();
        });
    }

    @Test
    void every_step_of_a_java_route_has_an_id() {
        List<String> without = java.getRouteDefinitions().stream()
                .flatMap(route -> steps(route)
                        .filter(step -> !step.hasCustomIdAssigned())
                        .map(step -> route.getRouteId() + ": " + step.getLabel()))
                .toList();

        assertThat(without).isEmpty();
    }

    @Test
    void no_id_is_given_twice() {
        List<String> ids = new ArrayList<>();
        all().forEach(route -> {
            ids.add(route.getRouteId());
            steps(route)
                    .filter(OptionalIdentifiedDefinition::hasCustomIdAssigned)
                    .forEach(step -> ids.add(step.getId()));
        });

        assertThat(ids).doesNotHaveDuplicates();
    }

    private List<RouteDefinition> all() {
        return Stream.of(java, yaml)
                .flatMap(context -> context.getRouteDefinitions().stream())
                .toList();
    }

    /** Without what the policy has added in front. */
    private static Stream<ProcessorDefinition<?>> steps(RouteDefinition route) {
        return steps(route.getOutputs().stream()
                .filter(step -> !(step instanceof OnExceptionDefinition))
                .toList());
    }

    /** Camel keeps the fallback of a circuit breaker apart from its outputs; it is a branch, its outputs are steps. */
    private static Stream<ProcessorDefinition<?>> steps(List<ProcessorDefinition<?>> outputs) {
        return outputs.stream().flatMap(step -> {
            Stream<ProcessorDefinition<?>> nested = steps(step.getOutputs());
            return step instanceof CircuitBreakerDefinition breaker && breaker.getOnFallback() != null
                    ? Stream.of(
                                    Stream.of(step),
                                    nested,
                                    steps(breaker.getOnFallback().getOutputs()))
                            .flatMap(each -> each)
                    : Stream.concat(Stream.of(step), nested);
        });
    }
}
