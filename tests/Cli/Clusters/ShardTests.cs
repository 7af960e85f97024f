using System.Text.Json.Nodes;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Experiments.Sweeps.Attempts;
using NoisyNN.Pipelines.Scoring.Shards;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx;

namespace NoisyNN.Tests.Cli.Clusters;

/// <summary>A table that is scored in parts, by any number of processes in any order, is the table that one process writes.</summary>
[TestClass]
public sealed class ShardTests
{
    static TemporaryFolder s_folder = null!;
    static byte[] s_whole = [];

    static string Model => s_folder["model.onnx"];

    static string Images => s_folder["images"];

    [ClassInitialize]
    public static void Create(TestContext context)
    {
        s_folder = new TemporaryFolder();
        WriteModel(Model);
        for (var image = 0; image < 40; image++)
            s_folder.Write($"images/{image:00}.png", ImageFiles.Png(image));
        // A name that needs quotes, with a line break that ends no row.
        s_folder.Write("images/03 \"a\",\nb.png", ImageFiles.Png(99));
        Assert.AreEqual(0, Score(s_folder["whole.csv"]).ExitCode);
        s_whole = File.ReadAllBytes(s_folder["whole.csv"]);
    }

    [ClassCleanup]
    public static void Delete() => s_folder.Dispose();

    static void WriteModel(string path, string label = "class")
    {
        using var network = RandomNetwork.Create(RandomNetwork.Grey);
        OnnxExporter.Export(network, new() { Labels = [.. Enumerable.Range(0, 10).Select(number => $"{label} {number}")] }, path);
    }

    static TestTerminal Score(string table, params string[] options) => Score(Model, table, options);

    static TestTerminal Score(string model, string table, string[] options) =>
        TestTerminal.Run(["score", model, Images, "--output", table, "--batch-size", "4", .. options]);

    static string[] Shards(string table) => [.. Directory.GetFiles($"{table}.shards").Order()];

    [TestMethod]
    [DataRow(1000, 32, 7)]
    [DataRow(41, 4, 16)]
    [DataRow(5, 32, 3)]
    [DataRow(7, 1, 9999)]
    public void Shards_have_every_row_once_and_begin_between_two_batches(int rows, int batchSize, int count)
    {
        var next = 0L;
        foreach (var shard in Shard.Of(count))
        {
            var (first, length) = shard.RowsOf(rows, batchSize);
            Assert.AreEqual(next, first);
            Assert.IsTrue(first % batchSize == 0 || first == rows, $"{first}");
            // Batches are whole, so that the lengths of two shards differ by one batch at most.
            Assert.IsLessThanOrEqualTo((rows / batchSize / count + 1L) * batchSize, length);
            next += length;
        }
        Assert.AreEqual(rows, next);
    }

    [TestMethod]
    [DataRow("3")]
    [DataRow("0/4")]
    [DataRow("5/4")]
    [DataRow("1/2/3")]
    [DataRow("-1/4")]
    [DataRow("1/10000")]
    public void A_shard_that_does_not_exist_is_refused(string shard)
    {
        var refused = Score(s_folder["refused.csv"], "--shard", shard);

        Assert.AreEqual(ExitCode.Misused, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), $"--shard {shard}");
    }

    [TestMethod]
    public void Shards_that_are_scored_by_hand_in_any_order_are_the_table_when_they_follow_each_other()
    {
        var table = s_folder["hand.csv"];
        foreach (var shard in (string[])["3/3", "1/3", "2/3"])
            Assert.AreEqual(0, Score(table, "--shard", shard).ExitCode);

        CollectionAssert.AreEqual(s_whole, Shards(table).SelectMany(File.ReadAllBytes).ToArray());
        var written = Shards(table).Select(File.GetLastWriteTimeUtc).ToArray();

        var again = Score(table, "--shard", "2/3");
        Assert.AreEqual((0, "shard 2/3 is complete"), (again.ExitCode, again.Error.Trim()));
        var joined = Score(table, "--shards", "3", "--json");
        Assert.AreEqual(0, joined.ExitCode, joined.Error);
        Assert.AreEqual(41, JsonNode.Parse(joined.Output)!["rows"]!.GetValue<int>());
        CollectionAssert.AreEqual(s_whole, File.ReadAllBytes(table));
        CollectionAssert.AreEqual(written, Shards(table).Select(File.GetLastWriteTimeUtc).ToArray(), "no shard was scored twice");
    }

    [TestMethod]
    public void Sixteen_shards_in_one_command_are_one_table()
    {
        var table = s_folder["sixteen.csv"];

        Assert.AreEqual(0, Score(table, "--shards", "16").ExitCode);

        CollectionAssert.AreEqual(s_whole, File.ReadAllBytes(table));
        Assert.HasCount(16, Shards(table));
    }

    [TestMethod]
    public void Rows_of_numbers_are_divided_too()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllLines(
            folder["rows.csv"],
            Enumerable
                .Range(0, 50)
                .Select(row => string.Join(',', Enumerable.Range(0, 144).Select(value => $"{(row * 7 + value * 3) % 256}")))
        );
        string[] Arguments(string table, params string[] more) =>
            ["score", Model, "--input", folder["rows.csv"], "--output", folder[table], "--batch-size", "4", .. more];
        var whole = TestTerminal.Run(Arguments("whole.csv"));
        Assert.AreEqual(0, whole.ExitCode, whole.Error);
        Assert.AreEqual(0, TestTerminal.Run(Arguments("joined.csv", "--shards", "5")).ExitCode);

        Assert.AreEqual(51, File.ReadAllLines(folder["joined.csv"]).Length);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["whole.csv"]), File.ReadAllBytes(folder["joined.csv"]));
    }

    [TestMethod]
    public void A_changed_model_is_refused_with_the_name_of_the_shard_that_is_not_its_own()
    {
        var (model, table) = (s_folder["changing.onnx"], s_folder["changing.csv"]);
        File.Copy(Model, model);
        Assert.AreEqual(0, Score(model, table, ["--shard", "1/2"]).ExitCode);
        WriteModel(model, "other");

        var refused = Score(model, table, ["--shard", "2/2"]);
        Assert.AreEqual(ExitCode.Failed, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), Path.GetFileName(Shards(table).Single()));
        Assert.HasCount(1, Shards(table));
        // So is another number of shards, which would divide the rows elsewhere.
        Assert.AreEqual(ExitCode.Failed, Score(model, table, ["--shards", "3"]).ExitCode);

        Assert.AreEqual(0, Score(model, table, ["--shards", "3", "--restart"]).ExitCode);
        Assert.HasCount(3, Shards(table));
    }

    [TestMethod]
    public void A_shard_that_another_process_works_on_is_left_to_it_and_the_others_are_scored()
    {
        var table = s_folder["busy.csv"];
        using (Attempt.TryBegin(Path.Combine($"{table}.shards", ".attempts"), "0002", AttemptTiming.Default, _ => { }))
        {
            Assert.AreEqual(ExitCode.TryAgain, Score(table, "--shard", "2/3").ExitCode);
            var all = Score(table, "--shards", "3");
            Assert.AreEqual(ExitCode.TryAgain, all.ExitCode);
            StringAssert.Contains(all.ErrorLines.Single(), "is working on shard 2/3");
            Assert.HasCount(2, Shards(table));
            var early = Score(table, "--shards", "3", "--join");
            Assert.AreEqual(ExitCode.Failed, early.ExitCode);
            StringAssert.Contains(early.ErrorLines.Single(), "1 of 3 shards are missing");
        }

        Assert.AreEqual(0, Score(table, "--shard", "2/3").ExitCode);
        Assert.AreEqual(0, Score(table, "--shards", "3", "--join").ExitCode);
        CollectionAssert.AreEqual(s_whole, File.ReadAllBytes(table));
    }

    [TestMethod]
    public void An_interrupted_shard_continues_and_its_exit_code_asks_to_try_again()
    {
        var table = s_folder["interrupted.csv"];
        string[] shard = ["score", Model, Images, "--output", table, "--batch-size", "4", "--shard", "1/2"];

        Assert.AreEqual(ExitCode.TryAgain, TestTerminal.InterruptAt("images/s", shard).ExitCode);
        var resumed = TestTerminal.Run(shard);

        Assert.AreEqual(0, resumed.ExitCode, resumed.Error);
        StringAssert.Contains(resumed.Error, "continuing shard 1/2 after 4 rows");
        Assert.AreEqual(0, Score(table, "--shards", "2").ExitCode);
        CollectionAssert.AreEqual(s_whole, File.ReadAllBytes(table));
    }

    [TestMethod]
    public void Images_that_cannot_be_read_are_counted_when_the_table_is_joined()
    {
        using var folder = new TemporaryFolder();
        for (var image = 0; image < 12; image++)
            folder.Write($"images/{image:00}.png", image == 7 ? [1, 2, 3] : ImageFiles.Png(image));
        string[] request = ["score", Model, folder["images"], "--output", folder["table.csv"], "--batch-size", "2"];

        Assert.AreEqual(0, TestTerminal.Run([.. request, "--shard", "2/2"]).ExitCode, "the shard is complete");
        var joined = TestTerminal.Run([.. request, "--shards", "2", "--json"]);

        Assert.AreEqual(ExitCode.Incomplete, joined.ExitCode, joined.Error);
        Assert.AreEqual(
            (11, 1),
            (JsonNode.Parse(joined.Output)!["rows"]!.GetValue<int>(), JsonNode.Parse(joined.Output)!["skipped"]!.GetValue<int>())
        );
    }

    [TestMethod]
    [DataRow("--shard 1/2 --shards 2", "give one of the two")]
    [DataRow("--shards 0", "--shards must be from 1 to 9999")]
    [DataRow("--join", "--join goes with --shards")]
    [DataRow("--shard 1/2 --restart", "--restart would discard")]
    [DataRow("--shard 1/2 --json", "--json goes with the whole table")]
    public void Options_that_contradict_each_other_are_refused(string options, string message)
    {
        var refused = Score(s_folder["never.csv"], options.Split(' '));

        Assert.AreEqual(ExitCode.Misused, refused.ExitCode);
        StringAssert.Contains(refused.ErrorLines.Single(), message);
        Assert.IsFalse(Path.Exists(s_folder["never.csv.shards"]));
    }
}
