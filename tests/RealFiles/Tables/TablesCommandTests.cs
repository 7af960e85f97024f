using System.Diagnostics;
using System.Text.Json.Nodes;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Scoring;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Data;
using NoisyNN.Tests.Onnx.Scoring;

namespace NoisyNN.Tests.RealFiles.Tables;

/// <summary>The options that decide what a table means, and what commands say about it.</summary>
[TestClass]
public sealed class TablesCommandTests : IDisposable
{
    const string Counting = "0,0.5,1.5\n1,2.5,3.5\n2,4.5,5.5\n";

    readonly TablesAsWritten _tables = new();

    public void Dispose() => _tables.Dispose();

    [TestMethod]
    public void Measure_takes_every_option_about_tables()
    {
        _tables.Save("x.csv", Counting);
        _tables.Save("y.csv", "7\n8\n7\n8\n");
        Assert.AreEqual(3, Dimension("--index-column", "none"));
        Assert.AreEqual(2, Dimension("--index-column", "1"));
        Assert.AreEqual(2, Dimension("--index-column", "1", "--labels", _tables["y.csv"], "--labels-header", "yes"));
        _tables.Save("x.csv", "400,410,420\n0.5,1.5,2.5\n3.5,4.5,5.5\n");
        Assert.AreEqual(2, Rows("--header", "yes"));
        Assert.AreEqual(3, Rows("--header", "no"));
        _tables.Save("x.csv", "1,07\n2,14\n");
        Assert.AreEqual(1, Dimension("--decimal", "comma"));
        Assert.AreEqual(2, Dimension("--separator", "comma"));

        int Dimension(params string[] options) => Figure("dimension", options);
        int Rows(params string[] options) => Figure("rows", options);
    }

    [TestMethod]
    public void What_is_left_out_is_said_on_standard_error_and_not_among_the_figures()
    {
        var run = TestTerminal.Run("measure", "--input", _tables.Save("x.csv", "id,a,b\n7,0.5,1.5\n3,2.5,3.5\n"), "--json");
        Assert.AreEqual(2, (int)JsonNode.Parse(run.Output)!["dimension"]!);
        StringAssert.Contains(run.Error, "the column 'id' is read as the index of the rows and left out");
    }

    [TestMethod]
    [DataRow(
        ExitCode.Misused,
        "--separator is 'dash'; it can be comma, semicolon, tab, pipe, space, none",
        new[] { "--input", "x.csv", "--separator", "dash" }
    )]
    [DataRow(ExitCode.Misused, "unknown value 'maybe'; valid here: yes, no", new[] { "--input", "x.csv", "--header", "maybe" })]
    [DataRow(ExitCode.Misused, "--header goes with --input", new[] { "--data", "fashion-mnist", "--header", "yes" })]
    [DataRow(
        ExitCode.Misused,
        "--decimal applies to tables of text; x.npy is an array",
        new[] { "--input", "x.npy", "--decimal", "comma" }
    )]
    public void Options_about_tables_that_mean_nothing_are_refused(int exitCode, string message, string[] arguments)
    {
        _tables.Save("x.npy", NpyFileTests.Npy("|u1", "(2, 2)", [1, 2, 3, 4]));
        foreach (var command in (string[])["measure", "screen", "entropy-change"])
        {
            string[] noise = command == "entropy-change" ? ["--noise", "gaussian", "--standard-deviation", "1"] : [];
            string[] labels = command == "measure" || arguments[0] != "--input" ? [] : ["--labels", _tables["x.npy"]];
            var run = TestTerminal.Run([
                command,
                .. noise,
                .. labels,
                .. arguments.Select(argument => argument == "x.npy" ? _tables[argument] : argument),
            ]);
            Assert.AreEqual(exitCode, run.ExitCode, run.Error);
            if (!message.Contains("x.npy", StringComparison.Ordinal))
                StringAssert.Contains(run.ErrorLines.Single(), message, command);
        }
    }

    [TestMethod]
    public void Score_leaves_out_the_index_and_the_labels_of_a_table()
    {
        ForeignModel.Write(ForeignModel.Affine(), _tables["affine.onnx"]);
        _tables.Save("rows.csv", "id,a,b,c,label\n10,1,2,3,0\n11,4,5,6,1\n12,0.5,0,0,1\n");
        StringAssert.Contains(Score().ErrorLines.Single(), "the column 'label' can hold the labels, or a feature");
        Assert.IsFalse(File.Exists(_tables["scores.csv"]) || File.Exists(ResumableFile.PartialOf(_tables["scores.csv"])));

        var run = Score("--label-column", "label");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Error, "the column 'id' is read as the index");
        Assert.AreSequenceEqual(
            new[] { "row,probs[0],probs[1],probs[2]", "0,3,5,7", "1,9,11,13", "2,2,1,1" },
            File.ReadAllLines(_tables["scores.csv"])
        );
        StringAssert.Contains(Score("--label-column", "none").ErrorLines.Single(), "needs a vector of 3 values");

        TestTerminal Score(params string[] options) =>
            TestTerminal.Run([
                "score",
                _tables["affine.onnx"],
                "--input",
                _tables["rows.csv"],
                "--output",
                _tables["scores.csv"],
                .. options,
            ]);
    }

    [TestMethod]
    public void A_covariance_of_two_integers_is_decided_by_the_separator()
    {
        string[] request =
        [
            "entropy-change",
            "--noise",
            "gaussian",
            "--standard-deviation",
            "1",
            "--covariance",
            _tables.Save("joint.csv", "2,1\n1,2\n"),
            "--json",
        ];
        StringAssert.Contains(TestTerminal.Run(request).ErrorLines.Single(), "--separator comma");
        var run = TestTerminal.Run([.. request, "--separator", "comma"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(TestTerminal.Run([.. request[..^2], _tables.Save("same.csv", "2.0,1\n1,2.0\n"), "--json"]).Output, run.Output);
    }

    [TestMethod]
    [DataRow("pipe.csv")]
    [DataRow("pipe.npy")]
    [DataRow("pipe.yaml")]
    public void A_pipe_is_refused_and_nobody_waits_for_its_writer(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        using (var make = Process.Start("mkfifo", _tables[name]))
            make.WaitForExit();
        var run = name.EndsWith("yaml", StringComparison.Ordinal)
            ? TestTerminal.Run("train", _tables[name])
            : TestTerminal.Run("measure", "--input", _tables[name]);
        StringAssert.Contains(run.ErrorLines.Single(), "is a pipe, not a regular file");
    }

    [TestMethod]
    public void Devices_and_folders_are_refused()
    {
        Directory.CreateDirectory(_tables["folder.csv"]);
        StringAssert.Contains(
            TestTerminal.Run("measure", "--input", _tables["folder.csv"]).ErrorLines.Single(),
            "is a folder. Name a file."
        );
        if (!OperatingSystem.IsLinux())
            return;
        File.CreateSymbolicLink(_tables["zero.npy"], "/dev/zero");
        StringAssert.Contains(
            TestTerminal.Run("measure", "--input", _tables["zero.npy"]).ErrorLines.Single(),
            "is a device, not a regular file"
        );
        File.CreateSymbolicLink(_tables["link.csv"], _tables.Save("file.csv", "0.5,1.5,7\n2.5,3,8\n"));
        Assert.AreEqual("0.5 1.5 7 | 2.5 3 8", _tables.RowsOf(_tables["link.csv"]), "a link to a file is the file");
    }

    [TestMethod]
    public void An_argument_that_begins_with_an_at_sign_is_a_name()
    {
        StringAssert.Contains(TestTerminal.Run("measure", "--input", "@x.npy").ErrorLines.Single(), "there is no file @x.npy");
        StringAssert.Contains(TestTerminal.Run("score", "@model.onnx", "@images").ErrorLines.Single(), "@images");
        StringAssert.Contains(
            TestTerminal.Run("train", "@demo.yaml", "--set", "@x=1").ErrorLines.Single(),
            "@demo.yaml: there is no such file"
        );
    }

    int Figure(string name, string[] options)
    {
        var run = TestTerminal.Run(["measure", "--input", _tables["x.csv"], "--json", .. options]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return (int)JsonNode.Parse(run.Output)![name]!;
    }
}
