package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.identity.Chain.Link;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainTest {
  private static final Link A_EMAIL = link("a", "identifier:email:1", "email");
  private static final Link B_EMAIL = link("b", "identifier:email:1", "email");
  private static final Link B_C = link("b", "c", Matches.RULE);
  private static final Link D_C = link("d", "c", Matches.RULE);
  private static final Link D_E = link("d", "e", Matches.RULE);
  private static final Link B_E = link("b", "e", Matches.RULE);

  @Test
  void findsTheFewestLinksFromTheFirstToTheSecond() {
    var chain = new Chain(List.of(D_E, B_E, D_C, B_C, B_EMAIL, A_EMAIL));
    assertThat(chain.shortest("a", "c")).containsExactly(A_EMAIL, B_EMAIL, B_C);
    assertThat(chain.shortest("c", "a")).containsExactly(B_C, B_EMAIL, A_EMAIL);
    assertThat(chain.shortest("e", "d")).containsExactly(D_E);
    assertThat(chain.shortest("a", "nobody")).isEmpty();
  }

  @Test
  void knowsWhoHangsTogether() {
    var chain = new Chain(List.of(D_E, D_C, B_EMAIL, A_EMAIL));
    assertThat(chain.together("a")).containsExactlyInAnyOrder("a", "b");
    assertThat(chain.together("e")).containsExactlyInAnyOrder("c", "d", "e");
    assertThat(chain.together("alone")).containsExactly("alone");
  }

  private static Link link(String left, String right, String rule) {
    return new Link(left, right, rule, Optional.empty());
  }
}
