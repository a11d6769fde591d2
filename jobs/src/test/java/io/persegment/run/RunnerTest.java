package io.persegment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class RunnerTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 30);

  @TempDir Path root;

  @Test
  void goesOnFromTheStageThatFailedAndDoesNothingTwice(LocalSpark.Handle spark) {
    var lake = new TestLake(spark, root);
    var one = new Fake("one", false);
    var two = new Fake("two", false);
    two.failure = new IllegalStateException("row of 'Ada' <ada@example.com> +45 20 12 34 56");

    assertThatThrownBy(() -> lake.run(DAY, false, one, two)).isSameAs(two.failure);
    two.failure = null;
    assertThat(lake.run(DAY, false, one, two)).isTrue();
    assertThat(lake.run(DAY, false, one, two)).isFalse();

    assertThat(one.runs).isEqualTo(1);
    assertThat(two.runs).isEqualTo(2);
    Row failed = lake.lake().read(Runs.TABLE).where("status = 'failed'").head();
    assertThat(failed.<String>getAs("error"))
        .startsWith("IllegalStateException")
        .doesNotContain("Ada", "ada@", "20 12");
    lake.run(DAY, true, one, two);
    assertThat(one.runs).isEqualTo(2);
  }

  @Test
  void whatFollowsAStageThatWasDoneAnewIsDoneAnew(LocalSpark.Handle spark) {
    var lake = new TestLake(spark, root);
    var one = new Fake("one", false);
    var two = new Fake("two", false);
    lake.run(DAY, false, one, two);
    lake.run(DAY, true, one);

    lake.run(DAY, false, one, two);

    assertThat(one.runs).isEqualTo(2);
    assertThat(two.runs).isEqualTo(2);
  }

  @Test
  void aBackfillLeavesThePresentAlone(LocalSpark.Handle spark) {
    var lake = new TestLake(spark, root);
    var present = new Fake("present", true);
    var dated = new Fake("dated", false);
    lake.run(DAY, false, present, dated);

    lake.run(DAY.minusDays(30), false, present, dated);

    assertThat(present.runs).isEqualTo(1);
    assertThat(dated.runs).isEqualTo(2);
    assertThat(lake.told()).anyMatch(line -> line.contains("must not turn it back"));
  }

  @Test
  void twoRunsCannotHoldOneLake() throws Exception {
    Configuration hadoop = new Configuration();
    LakeLock lock = LakeLock.take(hadoop, root.toString(), "first");

    assertThatThrownBy(() -> LakeLock.take(hadoop, root.toString(), "second"))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.LOCKED))
        .hasMessageContaining("is held by run first");
    lock.close();
    LakeLock.take(hadoop, root.toString(), "third").close();
    assertThat(Files.exists(root.resolve("_lock"))).isFalse();
  }

  @Test
  void aLockOfAProcessThatIsGoneIsTakenOver() throws Exception {
    Configuration hadoop = new Configuration();
    LakeLock lock = LakeLock.take(hadoop, root.toString(), "killed");
    String own = Files.readString(root.resolve("_lock"));
    lock.close();
    String pid = "pid=" + ProcessHandle.current().pid();
    Files.writeString(root.resolve("_lock"), own.replace(pid, "pid=999999999"));

    LakeLock.take(hadoop, root.toString(), "next").close();

    assertThat(own).contains("run=killed");
  }

  private static final class Fake implements Stage {
    private final String name;
    private final boolean present;
    private RuntimeException failure;
    private int runs;

    Fake(String name, boolean present) {
      this.name = name;
      this.present = present;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String summary() {
      return "";
    }

    @Override
    public List<Table> reads() {
      return List.of();
    }

    @Override
    public List<Table> writes() {
      return List.of();
    }

    @Override
    public boolean describesThePresent() {
      return present;
    }

    @Override
    public void run(StageContext context) {
      runs++;
      if (failure != null) {
        throw failure;
      }
    }
  }
}
