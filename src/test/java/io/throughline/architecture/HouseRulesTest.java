package io.throughline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import jakarta.persistence.Entity;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.web.bind.annotation.RestController;

/** What a reviewer would say every time, said once; the reason is in each rule. */
@AnalyzeClasses(
        packages = "io.throughline",
        importOptions = {ImportOption.DoNotIncludeTests.class})
class HouseRulesTest {
    /** Decisions that are worth reading alone: given values, they return values. */
    private static final Set<String> DECISIONS =
            Set.of(
                    "io.throughline.identity.Partition",
                    "io.throughline.identity.Normalization",
                    "io.throughline.identity.EventIdentifiers",
                    "io.throughline.identity.Tombstones",
                    "io.throughline.activation.delivery.Lane",
                    "io.throughline.activation.webhook.Outcome",
                    "io.throughline.activation.webhook.RetrySchedule",
                    "io.throughline.activation.webhook.Signature",
                    "io.throughline.privacy.consent.ConsentWords",
                    "io.throughline.privacy.consent.ConsentPolicy",
                    "io.throughline.contact.ContactDecision",
                    "io.throughline.standalone.StartPlan");

    @ArchTest
    static final ArchRule namesSayTheThing =
            noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Utils?|Helpers?|Manager|DTO|Dto)")
                    .orShould()
                    .haveNameMatching(".*[.$](Base|Abstract)[A-Z][^.$]*")
                    .because("such a word says how a class is used, not what it is");

    @ArchTest
    static final ArchRule packagesAreRoomsNotDrawers =
            noClasses()
                    .should()
                    .resideInAnyPackage(
                            "..util..",
                            "..utils..",
                            "..common..",
                            "..helper..",
                            "..impl..",
                            "..misc..",
                            "..dto..")
                    .because("nobody can say what does not belong there");

    @ArchTest
    static final ArchRule whatABeanNeedsIsInItsConstructor =
            noFields()
                    .should()
                    .beAnnotatedWith(Autowired.class)
                    .orShould()
                    .beAnnotatedWith(Value.class)
                    .orShould()
                    .beAnnotatedWith("jakarta.inject.Inject")
                    .orShould()
                    .beAnnotatedWith("jakarta.annotation.Resource")
                    .because("a class must be complete when its constructor returns");

    @ArchTest
    static final ArchRule nothingSharedChanges =
            fields().that()
                    .areStatic()
                    .should()
                    .beFinal()
                    .because("mutable static state couples tests, contexts and threads");

    @ArchTest
    static final ArchRule entitiesStayInTheirModule =
            classes()
                    .that()
                    .areAnnotatedWith(Entity.class)
                    .should()
                    .bePackagePrivate()
                    .because(
                            "what leaves a module is a record; an entity is attached to a session");

    @ArchTest
    static final ArchRule controllersAreEdges =
            classes()
                    .that()
                    .areAnnotatedWith(RestController.class)
                    .should()
                    .bePackagePrivate()
                    .andShould()
                    .haveSimpleNameEndingWith("Controller")
                    .because("only HTTP calls a controller, and its name says so");

    @ArchTest
    static final ArchRule settingsAreRecords =
            classes()
                    .that()
                    .areAnnotatedWith(ConfigurationProperties.class)
                    .should()
                    .beRecords()
                    .andShould()
                    .haveSimpleNameEndingWith("Properties")
                    .because("settings do not change while the server runs");

    @ArchTest
    static final ArchRule configurationsAreNamedSo =
            classes()
                    .that()
                    .areAnnotatedWith(Configuration.class)
                    .and()
                    .areTopLevelClasses()
                    .should()
                    .haveSimpleNameEndingWith("Configuration")
                    .because("one suffix has one meaning");

    @ArchTest
    static final ArchRule topicsComeInThroughListeners =
            methods()
                    .that()
                    .areAnnotatedWith(KafkaListener.class)
                    .should()
                    .beDeclaredInClassesThat()
                    .haveSimpleNameEndingWith("Listener")
                    .because("who looks for the readers of a topic finds them by name");

    @ArchTest
    static final ArchRule theEventLanguageIsPlain =
            noClasses()
                    .that()
                    .resideInAPackage("io.throughline.event")
                    .and()
                    .doNotHaveSimpleName("package-info")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.springframework..", "java.sql..", "org.apache.kafka..")
                    .because("every module speaks it; it may not drag a framework along");

    @ArchTest
    static final ArchRule decisionsAreWithoutFrameworkAndWithoutIo =
            noClasses()
                    .that(areDecisions())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.springframework..",
                            "java.sql..",
                            "java.net.http..",
                            "org.apache.kafka..",
                            "org.apache.hc..")
                    .because("a decision is tested by table, with values, in milliseconds");

    @ArchTest
    static final ArchRule timeIsInjected =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(
                            "io.throughline.platform.time", "io.throughline.standalone")
                    .should()
                    .callMethodWhere(readsTheMachinesClock())
                    .orShould()
                    .callConstructor(Date.class)
                    .because(
                            "a test must be able to move time; `standalone` runs before the Clock"
                                    + " exists");

    @ArchTest
    static final ArchRule printingIsLogging =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because(
                    "the operator decides where output goes");

    @ArchTest
    static final ArchRule oneLoggingLibrary =
            GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because(
                    "levels and formats are set in one place, through SLF4J");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass one : all) {
            if (one.getPackage()
                    .tryGetPackageInfo()
                    .filter(info -> info.isAnnotatedWith(NullMarked.class))
                    .isEmpty()) {
                unmarked.add(one.getPackageName());
            }
        }
        assertThat(unmarked)
                .as("packages in which NullAway checks nothing: add a package-info.java")
                .isEmpty();
    }

    @ArchTest
    static void theListOfDecisionsNamesClassesThatExist(JavaClasses all) {
        assertThat(DECISIONS).allSatisfy(name -> assertThat(all.contain(name)).as(name).isTrue());
    }

    private static DescribedPredicate<JavaClass> areDecisions() {
        return DescribedPredicate.describe(
                "are decisions", type -> DECISIONS.contains(outermost(type).getName()));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(HouseRulesTest::outermost).orElse(type);
    }

    private static DescribedPredicate<JavaMethodCall> readsTheMachinesClock() {
        return DescribedPredicate.describe(
                "reads the machine's clock",
                call -> {
                    AccessTarget.MethodCallTarget target = call.getTarget();
                    JavaClass owner = target.getOwner();
                    boolean now =
                            target.getName().equals("now")
                                    && owner.getPackageName().equals(Instant.class.getPackageName())
                                    && target.getRawParameterTypes().stream()
                                            .noneMatch(type -> type.isEquivalentTo(Clock.class));
                    boolean system =
                            owner.isEquivalentTo(Clock.class)
                                    && target.getName().startsWith("system");
                    boolean millis =
                            owner.isEquivalentTo(System.class)
                                    && target.getName().equals("currentTimeMillis");
                    return now || system || millis;
                });
    }
}
