package io.persegment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.util.Map.entry;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which package may import which, beside Java, Scala, Spark and logging. */
class ArchitectureTest {
  private static final List<String> FOUNDATIONS =
      List.of("table", "run", "quality", "sql", "config", "error");

  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          entry("error", List.of()),
          entry("table", List.of("error", "io.delta", "org.apache.hadoop")),
          entry("run", List.of("table", "error", "org.apache.hadoop")),
          entry("quality", List.of("table", "error")),
          entry("sql", List.of()),
          entry(
              "config", List.of("sql", "error", "com.typesafe.config", "org.apache.commons.text")),
          entry("conformed", with("quality", "table")),
          entry(
              "cleaning", List.of("com.google.i18n.phonenumbers", "org.apache.commons.validator")),
          entry(
              "source",
              with(
                  "conformed",
                  "cleaning",
                  "org.apache.hadoop",
                  "org.apache.kafka",
                  "com.univocity.parsers.csv",
                  "com.univocity.parsers.common")),
          entry("matching", with("conformed", "com.ibm.icu")),
          entry("identity", with("conformed", "matching")),
          entry("customer", with("conformed", "identity")),
          entry("features", with("conformed", "identity", "customer")),
          entry("lifetime", List.of("org.apache.commons.math3")),
          entry(
              "scores",
              with(
                  "conformed",
                  "identity",
                  "customer",
                  "features",
                  "lifetime",
                  "ml.dmlc.xgboost4j",
                  "com.fasterxml.jackson",
                  "org.apache.commons.math3")),
          entry(
              "segments",
              with(
                  "customer",
                  "features",
                  "scores",
                  "org.apache.hadoop",
                  "org.apache.commons.math3")),
          entry(
              "audit",
              with(
                  "conformed", "source", "identity", "customer", "features", "scores", "segments")),
          entry(
              "content", with("segments", "com.fasterxml.jackson", "com.github.jknack.handlebars")),
          entry(
              "experiments",
              with("identity", "customer", "features", "segments", "org.apache.commons.math3")),
          entry(
              "publish",
              with(
                  "conformed",
                  "identity",
                  "customer",
                  "features",
                  "segments",
                  "scores",
                  "audit",
                  "content",
                  "experiments",
                  "cleaning",
                  "org.apache.hadoop")),
          entry(
              "exports",
              with(
                  "identity",
                  "content",
                  "publish",
                  "com.fasterxml.jackson",
                  "org.apache.commons.codec",
                  "org.apache.hadoop")),
          entry(
              "report",
              with(
                  "conformed",
                  "source",
                  "identity",
                  "customer",
                  "features",
                  "segments",
                  "scores",
                  "audit",
                  "publish",
                  "com.github.jknack.handlebars")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.persegment");

  @TestFactory
  Stream<DynamicTest> importsOnlyWhatItMay() {
    return MAY_IMPORT.entrySet().stream()
        .map(rule -> dynamicTest(rule.getKey(), () -> check(rule.getKey(), rule.getValue())));
  }

  private static List<String> with(String... more) {
    var all = new ArrayList<>(FOUNDATIONS);
    all.addAll(List.of(more));
    return all;
  }

  private static void check(String name, List<String> mayImport) {
    Stream<String> own =
        Stream.of(
            "java..",
            "scala..",
            "org.apache.spark..",
            "org.slf4j..",
            "io.persegment." + name + "..");
    Stream<String> others =
        mayImport.stream()
            .map(other -> (other.contains(".") ? other : "io.persegment." + other) + "..");
    classes()
        .that()
        .resideInAPackage("io.persegment." + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(Stream.concat(own, others).toArray(String[]::new))
        .allowEmptyShould(false)
        .check(CLASSES);
  }
}
