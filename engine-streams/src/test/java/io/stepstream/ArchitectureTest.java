package io.stepstream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Who may know whom. Think before changing a rule: replay gives the same answers because of them. */
class ArchitectureTest {

    private static final String[] CORE = {"io.stepstream.asl..", "io.stepstream.engine.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.stepstream");

    @Test
    void theLanguageIsALibrary() {
        classes()
                .that()
                .resideInAPackage("io.stepstream.asl..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.stepstream.asl..",
                        "io.stepstream.schemas..",
                        "java..",
                        "com.fasterxml.jackson..",
                        "com.google.re2j..",
                        "com.jayway.jsonpath..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void nobodyInTheCoreReadsTheClock() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .check(CLASSES);
    }

    @Test
    void nobodyInTheCoreThrowsDice() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(RandomGenerator.class)
                .check(CLASSES);
    }

    @Test
    void theCoreHasNoThreadsNoLoggerAndNoKafka() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..", "org.slf4j..", "org.apache.kafka..", "io.stepstream.streams..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(CLASSES);
    }
}
