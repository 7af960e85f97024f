using System.Text.Json;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Pipelines.Reports.Charts;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.RealFiles.Outputs;
using NoisyNN.Transforms.Text;

namespace NoisyNN.Tests.RealFiles;

/// <summary>Names and labels that were made to deceive stay text.</summary>
[TestClass]
public sealed class TextTests
{
    const string Evil = "a\nerror: forged\r\u001b[2J\u202Egnp.exe\u200B\u0085";

    [TestMethod]
    public void A_line_is_one_line_whatever_is_in_it_and_can_be_had_back()
    {
        Assert.AreEqual(@"a\u000aerror: forged\u000d\u001b[2J\u202egnp.exe\u200b\u0085", Printable.Line(Evil));
        Assert.AreEqual(@"café ä 日本 👩‍👧 C:\users\new", Printable.Line(@"café ä 日本 👩‍👧 C:\users\new"), "what is harmless stays");
        Assert.AreEqual(@"\u005cu001b", Printable.Line(@"\u001b"), "what looks like a code is told from one");
        Assert.AreEqual(@"\ud800x\udc00", Printable.Line("\ud800x\udc00"), "halves of pairs");
        foreach (var text in (string[])[Evil, @"\u001b", @"\\u001b\u005cu0041", @"C:\u00zz", "\u2066x\u2069"])
            Assert.AreEqual(text, Restored(Printable.Line(text)));
    }

    [TestMethod]
    public void A_file_name_forges_no_error_and_steers_no_terminal()
    {
        using var drill = new OutputDrill();
        drill.Folder.Write($"images/{Evil}.png", [1, 2, 3]);

        var run = TestTerminal.Run("score", drill["model.onnx"], drill["images"], "--output", drill["scores.csv"]);

        Assert.AreEqual(ExitCode.Incomplete, run.ExitCode, run.Error);
        Assert.IsEmpty(run.ErrorLines);
        Assert.Contains(@"a\u000aerror: forged\u000d\u001b[2J\u202egnp.exe", run.Error);
        AssertPlain(run.Error);

        var refused = TestTerminal.Run("score", drill["model.onnx"], drill[$"images/{Evil}"]);
        Assert.AreEqual(ExitCode.Failed, refused.ExitCode);
        Assert.HasCount(1, refused.ErrorLines);
        AssertPlain(refused.Error);

        var misused = TestTerminal.Run("networks", $"--{Evil}");
        Assert.AreEqual(ExitCode.Misused, misused.ExitCode);
        Assert.HasCount(1, misused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        AssertPlain(misused.Error);
    }

    [TestMethod]
    public void Labels_of_a_strange_model_stay_text_in_terminal_and_JSON()
    {
        string[] labels = [Evil, "<script>alert(1)</script>", "=1+1", .. Enumerable.Range(0, 7).Select(label => $"{label}")];
        using var drill = new OutputDrill(labels);
        foreach (var (label, index) in new[] { "0", "1" }.Select((label, index) => (label, index)))
            drill.Folder.Write($"data/{label}/{index}.png", ImageFiles.Png(index));

        var table = TestTerminal.Run("evaluate", drill["model.onnx"], "--data", drill["data"], "--split", "all");
        var json = TestTerminal.Run("evaluate", drill["model.onnx"], "--data", drill["data"], "--split", "all", "--json");

        Assert.AreEqual(0, table.ExitCode, table.Error);
        AssertPlain(table.Output);
        Assert.Contains(@"a\u000aerror: forged", table.Output);
        AssertPlain(json.Output);
        using var document = JsonDocument.Parse(json.Output);
        Assert.AreSequenceEqual(
            labels,
            document.RootElement.GetProperty("classes").EnumerateArray().Select(entry => entry.GetProperty("label").GetString()!),
            "exact"
        );
    }

    [TestMethod]
    [DataRow("=1+1", "'=1+1")]
    [DataRow("+1+1", "'+1+1")]
    [DataRow("-cmd", "'-cmd")]
    [DataRow("@SUM(A1)", "'@SUM(A1)")]
    [DataRow("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    [DataRow("'=1", "''=1")]
    [DataRow(" =1", "' =1")]
    [DataRow("＝1", "'＝1")]
    [DataRow("\n=1", "\"'\n=1\"")]
    [DataRow("-1.5", "-1.5")]
    [DataRow("+1e-3", "+1e-3")]
    [DataRow("it's", "it's")]
    [DataRow("'quoted'", "'quoted'")]
    [DataRow("a=b", "a=b")]
    [DataRow("\u001b[2Jx", @"\u001b[2Jx")]
    [DataRow("two\nlines", "\"two\nlines\"")]
    public void A_field_of_a_table_is_no_formula_and_can_be_had_back(string text, string expected)
    {
        Assert.AreEqual(expected, TableField.Of(text, ','));
        // As the documentation says: quotes of RFC 4180, then an apostrophe, then codes.
        var field = expected.StartsWith('"') ? expected[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : expected;
        Assert.AreEqual(text, Restored(System.Text.RegularExpressions.Regex.Replace(field, @"^'([\s']*[=+\-@＝＋－＠])", "$1")));
    }

    [TestMethod]
    public void A_table_of_a_hostile_folder_has_a_row_for_each_image_and_no_formula()
    {
        using var drill = new OutputDrill(["=cmd|' /C calc'!A0", "-x", "@y", "+z", "0", "1", "2", "3", "4", "5"]);
        var images = drill["images"];
        drill.Run("cd images; cp 0.png ./=1+1.png; cp 0.png @x.png; cp 0.png ./-y.png");
        var current = Environment.CurrentDirectory;

        var lines = drill.Run(
            """
            cd images; noisynn score ../model.onnx =1+1.png @x.png ./-y.png --output ../scores.csv 2> /dev/null; noisynn score ../model.onnx =1+1.png --output ../scores.tsv 2> /dev/null
            cut -d, -f1 ../scores.csv; head -n 1 ../scores.csv | cut -d, -f4-7; tail -n 1 ../scores.tsv | cut -f 1
            """
        );

        Assert.AreSequenceEqual(["image", "'=1+1.png", "'@x.png", "./-y.png", "'=cmd|' /C calc'!A0,'-x,'@y,'+z", "'=1+1.png"], lines);
        Assert.AreEqual(current, Environment.CurrentDirectory);
        Assert.IsTrue(Directory.Exists(images));
    }

    [TestMethod]
    public void A_page_shows_markup_and_turned_text_as_text()
    {
        Assert.AreEqual(@"&lt;img src=x onerror=&quot;a&quot;&gt;\u202etxt", Markup.Text("<img src=x onerror=\"a\">\u202etxt"));
        Assert.AreEqual("two\nlines", Markup.Text("two\nlines"));
    }

    [TestMethod]
    public void Names_that_are_no_UTF_8_are_named_and_counted_and_the_others_scored()
    {
        using var drill = new OutputDrill();
        var lines = drill.Run(
            """
            cp images/0.png images/$'caf\xe9.png'; mkdir images/$'m\xf6we'; cp images/1.png images/$'m\xf6we'/1.png
            noisynn score model.onnx images --output scores.csv 2> error; echo $?
            wc -l < scores.csv; grep 'left out: ' error; tail -n 1 error
            rm -r images
            """
        );

        Assert.AreEqual("3", lines[0], string.Join('\n', lines));
        Assert.AreEqual("4", lines[1]);
        Assert.HasCount(3, lines[2..]);
        Assert.IsTrue(
            lines[2..]
                .All(line =>
                    line.StartsWith("unreadable, left out: images/", StringComparison.Ordinal)
                        && line.Contains("no valid UTF-8", StringComparison.Ordinal)
                    || line.EndsWith("2 unreadable files left out", StringComparison.Ordinal)
                ),
            string.Join('\n', lines)
        );
    }

    [TestMethod]
    public void Names_that_look_the_same_are_told_of()
    {
        using var drill = new OutputDrill();
        drill.Folder.Write("images/caf\u00e9.png", ImageFiles.Png(1));
        drill.Folder.Write("images/cafe\u0301.png", ImageFiles.Png(2));
        drill.Folder.Write("images/the\u0301.png", ImageFiles.Png(3));
        drill.Folder.Write("images/th\u00e9.png", ImageFiles.Png(4));
        drill.Folder.Write("images/ガ.png", ImageFiles.Png(2));

        var run = TestTerminal.Run("score", drill["model.onnx"], drill["images"], "--output", drill["scores.csv"]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("4 files have names that differ only in their Unicode form; each has its row", run.Error);
        Assert.HasCount(1, run.Error.Split('\n').Where(line => line.StartsWith("note:", StringComparison.Ordinal)).ToArray());
        Assert.HasCount(9, File.ReadAllLines(drill["scores.csv"]));
    }

    [TestMethod]
    [DataRow("é", "e\u0301")]
    [DataRow("Ǘ", "U\u0308\u0301")]
    [DataRow("ệ", "e\u0323\u0302")]
    [DataRow("ガ", "カ\u3099")]
    [DataRow("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [DataRow("ё", "е\u0308")]
    [DataRow("plain ASCII", "plain ASCII")]
    [DataRow("日本 ß ø", "日本 ß ø")]
    public void Decomposed_text_has_each_accent_as_a_character(string text, string expected) =>
        Assert.AreEqual(expected, UnicodeForm.Decompose(text));

    static void AssertPlain(string text) =>
        Assert.IsTrue(text.All(character => character is '\n' or '\t' || Printable.IsPlain(character)), Printable.Lines(text));

    static string Restored(string text) =>
        System.Text.RegularExpressions.Regex.Replace(
            text,
            @"\\u([0-9a-f]{4})",
            match => $"{(char)Convert.ToInt32(match.Groups[1].Value, 16)}"
        );
}
