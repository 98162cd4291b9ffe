package logaggregator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependencies run one way: routes → features → root package; a technology stays where its name says. */
class ArchitectureTest {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final int MAX_LINES = 300;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("logaggregator", "routes");

    @Test
    void routes_are_used_by_nobody() {
        noClasses()
                .that()
                .resideOutsideOfPackage("routes..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("routes..")
                .check(CLASSES);
    }

    @Test
    void features_have_no_cycles() {
        slices().matching("logaggregator.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void the_root_package_knows_no_feature() {
        noClasses()
                .that()
                .resideInAPackage("logaggregator")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("logaggregator.*..")
                .check(CLASSES);
    }

    @Test
    void camel_is_at_the_edge() {
        only(List.of("routes", "logaggregator.queue.redis"), "org.apache.camel..");
    }

    @Test
    void servlets_are_for_routes_security_and_queries() {
        only(List.of("routes", "logaggregator.security..", "logaggregator.query.."), "jakarta.servlet..");
    }

    @Test
    void the_description_of_the_api_is_made_in_one_place() {
        only(List.of("logaggregator.openapi"), "org.springdoc..", "io.swagger.v3.core..", "io.swagger.v3.oas.models..");
    }

    @Test
    void only_redis_packages_speak_redis() {
        only(List.of("..redis"), "io.lettuce..");
    }

    @Test
    void only_postgres_packages_speak_sql() {
        only(List.of("..postgres"), "org.postgresql..", "javax.sql..", "org.springframework.jdbc..");
        only(List.of("..postgres", "logaggregator.embedded"), "java.sql..");
    }

    @Test
    void a_technology_is_found_by_spring_and_named_by_nobody() {
        classes()
                .that()
                .resideInAnyPackage("..postgres..", "..redis..")
                .should(beUsedInTheirOwnPackageOnly())
                .check(CLASSES);
    }

    @Test
    void no_source_file_is_longer_than_a_reader_can_bear() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(lines(file)).as("%s", file).isLessThanOrEqualTo(MAX_LINES));
        }
    }

    private static void only(List<String> packages, String... technology) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(technology)
                .check(CLASSES);
    }

    private static ArchCondition<JavaClass> beUsedInTheirOwnPackageOnly() {
        return new ArchCondition<>("be used in their own package only") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency use : type.getDirectDependenciesToSelf()) {
                    if (!use.getOriginClass().getPackageName().equals(type.getPackageName())) {
                        events.add(SimpleConditionEvent.violated(use, use.getDescription()));
                    }
                }
            }
        };
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
