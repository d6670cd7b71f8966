import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ar.ArabicNormalizationFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.memory.MemoryIndex;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.spans.SpanNearQuery;
import org.apache.lucene.search.spans.SpanOrQuery;
import org.apache.lucene.search.spans.SpanQuery;
import org.apache.lucene.search.spans.SpanTermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * The design of the Elasticsearch percolator: a query is filed under terms that it needs, a
 * document becomes a MemoryIndex, and only queries filed under its terms are searched in it.
 *
 * <p>Arguments: rules, documents, documents to warm up with (a line each), seconds to warm up.
 * Prints the seconds of compiling, of the wall and of CPU, and a line of rule numbers a document.
 */
public final class RulesLucene {
  private static final String FIELD = "t";
  private static final int[] NONE = {};

  private final List<Query> queries = new ArrayList<>();
  private final Map<BytesRef, int[]> filed = new HashMap<>();
  private final MemoryIndex index = new MemoryIndex();
  private final Analyzer analyzer =
      new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
          Tokenizer words = new StandardTokenizer();
          return new TokenStreamComponents(
              words, new ArabicNormalizationFilter(new LowerCaseFilter(words)));
        }
      };
  private int[] seen;
  private int turn;

  private RulesLucene(Path rules) throws Exception {
    for (String line : Files.readAllLines(rules)) {
      String[] columns = line.split("\t");
      Reader reader = new Reader(columns);
      Query query = reader.query();
      // a word, or any of some: what it is filed under has decided already
      queries.add(columns[1].startsWith("!") ? null : query);
      for (String word : columns[0].split(" ")) {
        int[] old = filed.getOrDefault(new BytesRef(word), NONE);
        int[] longer = java.util.Arrays.copyOf(old, old.length + 1);
        longer[old.length] = queries.size() - 1;
        filed.put(new BytesRef(word), longer);
      }
    }
    seen = new int[queries.size()];
  }

  private StringBuilder match(String text) throws Exception {
    StringBuilder hits = new StringBuilder();
    index.reset();
    index.addField(FIELD, text, analyzer);
    IndexSearcher searcher = index.createSearcher();
    searcher.setQueryCache(null);
    LeafReaderContext leaf = searcher.getIndexReader().leaves().get(0);
    TermsEnum terms = leaf.reader().terms(FIELD).iterator();
    turn++;
    for (BytesRef term = terms.next(); term != null; term = terms.next()) {
      for (int number : filed.getOrDefault(term, NONE)) {
        if (seen[number] != turn) {
          seen[number] = turn;
          Query query = queries.get(number);
          if (query == null || holds(query, searcher, leaf)) {
            hits.append(number).append(' ');
          }
        }
      }
    }
    return hits;
  }

  private static boolean holds(Query query, IndexSearcher searcher, LeafReaderContext leaf)
      throws Exception {
    Query rewritten = searcher.rewrite(query);
    Scorer scorer = searcher.createWeight(rewritten, ScoreMode.COMPLETE_NO_SCORES, 1).scorer(leaf);
    return scorer != null && scorer.iterator().nextDoc() != DocIdSetIterator.NO_MORE_DOCS;
  }

  /** Polish notation: T word.., N distance ordered left right, C any all none parts. */
  private static final class Reader {
    private final String[] columns;
    private int at = 2;

    Reader(String[] columns) {
      this.columns = columns;
    }

    Query query() {
      String[] head = columns[at].split(" ");
      if (head[0].equals("N")) {
        return span();
      }
      at++;
      if (head[0].equals("T")) {
        if (head.length == 2) {
          return new TermQuery(new Term(FIELD, head[1]));
        }
        PhraseQuery.Builder phrase = new PhraseQuery.Builder();
        for (int word = 1; word < head.length; word++) {
          phrase.add(new Term(FIELD, head[word]));
        }
        return phrase.build();
      }
      BooleanQuery.Builder whole = new BooleanQuery.Builder();
      BooleanQuery.Builder some = new BooleanQuery.Builder();
      int any = Integer.parseInt(head[1]);
      for (int part = 0; part < any; part++) {
        some.add(query(), Occur.SHOULD);
      }
      if (any > 0) {
        whole.add(some.build(), Occur.MUST);
      }
      for (int part = Integer.parseInt(head[2]); part > 0; part--) {
        whole.add(query(), Occur.MUST);
      }
      for (int part = Integer.parseInt(head[3]); part > 0; part--) {
        whole.add(query(), Occur.MUST_NOT);
      }
      return whole.build();
    }

    private SpanQuery span() {
      String[] head = columns[at++].split(" ");
      if (head[0].equals("N")) {
        SpanQuery left = span();
        SpanQuery[] both = {left, span()};
        return new SpanNearQuery(both, Integer.parseInt(head[1]), head[2].equals("1"));
      }
      boolean isTerm = head[0].equals("T");
      SpanQuery[] parts = new SpanQuery[isTerm ? head.length - 1 : Integer.parseInt(head[1])];
      for (int part = 0; part < parts.length; part++) {
        parts[part] =
            isTerm ? new SpanTermQuery(new Term(FIELD, head[part + 1])) : span();
      }
      if (parts.length == 1) {
        return parts[0];
      }
      return isTerm ? new SpanNearQuery(parts, 0, true) : new SpanOrQuery(parts);
    }
  }

  public static void main(String[] arguments) throws Exception {
    long began = System.nanoTime();
    RulesLucene engine = new RulesLucene(Path.of(arguments[0]));
    double compiled = (System.nanoTime() - began) / 1e9;
    List<String> documents = Files.readAllLines(Path.of(arguments[1]));
    List<String> others = Files.readAllLines(Path.of(arguments[2]));
    long end = System.nanoTime() + (long) (Double.parseDouble(arguments[3]) * 1e9);
    for (int at = 0; System.nanoTime() < end; at++) {
      engine.match(others.get(at % others.size()));
    }
    List<StringBuilder> found = new ArrayList<>();
    var bean = ManagementFactory.getThreadMXBean();
    long wall = System.nanoTime();
    long cpu = bean.getCurrentThreadCpuTime();
    for (String document : documents) {
      found.add(engine.match(document));
    }
    cpu = bean.getCurrentThreadCpuTime() - cpu;
    wall = System.nanoTime() - wall;
    System.out.println(compiled + " " + wall / 1e9 + " " + cpu / 1e9);
    for (StringBuilder hits : found) {
      System.out.println(hits);
    }
  }
}
