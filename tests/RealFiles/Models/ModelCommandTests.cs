using System.Runtime.Versioning;
using NoisyNN.Models.Onnx.Graphs;
using NoisyNN.Pipelines.Cli.Output;
using NoisyNN.Pipelines.Trust;
using NoisyNN.Tests.Cli;
using NoisyNN.Tests.Images;
using NoisyNN.Tests.Onnx.Scoring;
using NoisyNN.Transforms.Onnx;

namespace NoisyNN.Tests.RealFiles.Models;

/// <summary>The command line runs strangers' models in a process of their own, and knows its own ones.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
[UnsupportedOSPlatform("windows")]
public sealed class ModelCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow("DepthToSpace with a block of 2^62")]
    [DataRow("OneHot with an empty depth")]
    [DataRow("Attention without a bias")]
    public void Score_refuses_a_file_that_crashes_in_one_line_and_lives_on(string kind)
    {
        var model = HostileModels.Of(kind);
        // What a file says about its origin proves nothing.
        model.ProducerName = "NoisyNN";
        model.MetadataProps.Add(new StringStringEntryProto { Key = "noisy.eval_noise", Value = "none" });
        ForeignModel.Write(model, _folder["model.onnx"]);
        File.WriteAllText(_folder["rows.csv"], "1,2,3,4.5\n2,3,4,5.5\n");

        var run = Score();

        Assert.AreEqual(ExitCode.Failed, run.ExitCode, run.Error);
        Assert.HasCount(1, run.ErrorLines);
        Assert.Contains("model.onnx", run.ErrorLines[0]);
        Assert.Contains("(SIG", run.ErrorLines[0]);
        Assert.IsFalse(File.Exists(_folder["scores.csv"]));

        // The same process scores the next file.
        ForeignModel.Write(Affine(), _folder["model.onnx"]);
        File.WriteAllText(_folder["rows.csv"], "1,2,3.5\n2,3,4.5\n");
        Assert.AreEqual(0, Score().ExitCode);
    }

    [TestMethod]
    public void A_table_is_the_same_with_and_without_a_process_of_its_own()
    {
        ForeignModel.Write(Affine(), _folder["model.onnx"]);
        File.WriteAllLines(_folder["rows.csv"], Enumerable.Range(0, 300).Select(row => $"{row}.5,{row * 2}.25,{row % 7}.125"));

        Assert.AreEqual(0, Score("--batch-size", "16").ExitCode);
        var isolated = File.ReadAllText(_folder["scores.csv"]);
        var trusted = Score("--batch-size", "16", "--trusted");

        Assert.AreEqual(0, trusted.ExitCode, trusted.Error);
        Assert.AreEqual(File.ReadAllText(_folder["scores.csv"]), isolated);
        Assert.HasCount(301, isolated.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [TestMethod]
    public void A_file_that_mixes_rows_is_named_on_standard_error()
    {
        ForeignModel.Write(ForeignModel.CentredOverRows(), _folder["model.onnx"]);
        File.WriteAllText(_folder["rows.csv"], "1,2,3.5\n2,3,4.5\n");

        var run = Score();

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("model.onnx: it mixes the rows of a batch", run.Error);
    }

    [TestMethod]
    [DataRow("measure", "--sigma", "1")]
    [DataRow("screen", "--on", "embedding")]
    public void An_embedding_that_mixes_rows_is_named_on_standard_error(string command, params string[] options)
    {
        for (var number = 0; number < 40; number++)
            _folder.Write($"images/{(number % 2 == 0 ? "even" : "odd")}/{number}.png", ImageFiles.Png(number));
        var model = RawModel.Model(
            [RawModel.Tensor("x", TensorProto.Types.DataType.Float, "N", 3, 8, 8)],
            [RawModel.Tensor("y", TensorProto.Types.DataType.Float, "N", 3)],
            [
                RawModel.Node("ReduceMean", ["x"], ["means"], GraphAttribute.Of("axes", [2L, 3L]), GraphAttribute.Of("keepdims", 0L)),
                RawModel.Node("ReduceMean", ["means"], ["centre"], GraphAttribute.Of("axes", [0L])),
                RawModel.Node("Sub", ["means", "centre"], ["y"]),
            ]
        );
        ForeignModel.Write(model, _folder["model.onnx"]);

        var run = TestTerminal.Run([
            command,
            "--data",
            _folder["images"],
            "--network",
            _folder["model.onnx"],
            "--embedding",
            "y",
            "--range",
            "0..255",
            .. options,
        ]);

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("model.onnx: it mixes the rows of a batch", run.Error);
    }

    [TestMethod]
    public void Only_a_file_that_was_exported_here_and_has_not_changed_is_known()
    {
        Assert.AreEqual(
            0,
            TestTerminal
                .Run("export", "--network", "noisy-resnet-18", "--random-weights", "--seed", "1", "--output", _folder["own.onnx"])
                .ExitCode
        );
        Assert.IsTrue(ExportedModels.Contains(_folder["own.onnx"]));
        Assert.IsNull(ExportedModels.IsolationOf(_folder["own.onnx"], isTrusted: false));
        File.Copy(_folder["own.onnx"], _folder["copy.onnx"]);
        Assert.IsTrue(ExportedModels.Contains(_folder["copy.onnx"]), "the content counts, not the name");

        var bytes = File.ReadAllBytes(_folder["own.onnx"]);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder["copy.onnx"], bytes);

        Assert.IsFalse(ExportedModels.Contains(_folder["copy.onnx"]), "one bit");
        Assert.IsNotNull(ExportedModels.IsolationOf(_folder["copy.onnx"], isTrusted: false));
        Assert.IsNull(ExportedModels.IsolationOf(_folder["copy.onnx"], isTrusted: true));
    }

    [TestMethod]
    public void A_list_that_others_can_write_does_not_count()
    {
        var before = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", _folder["state"]);
            ForeignModel.Write(Affine(), _folder["model.onnx"]);
            Assert.IsFalse(ExportedModels.Contains(_folder["model.onnx"]));
            ExportedModels.Add(_folder["model.onnx"]);
            ExportedModels.Add(_folder["model.onnx"]);
            Assert.IsTrue(ExportedModels.Contains(_folder["model.onnx"]));
            var list = _folder["state/noisynn/exported-models"];
            Assert.HasCount(1, File.ReadAllLines(list));
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(list));

            File.SetUnixFileMode(list, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
            Assert.IsFalse(ExportedModels.Contains(_folder["model.onnx"]));

            // Without a home every file is a stranger's, and nothing fails.
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", "/proc/self");
            ExportedModels.Add(_folder["model.onnx"]);
            Assert.IsFalse(ExportedModels.Contains(_folder["model.onnx"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", before);
        }
    }

    [TestMethod]
    public void Quantize_makes_of_a_strangers_file_what_it_makes_of_a_trusted_one()
    {
        ForeignModel.Write(Product(), _folder["model.onnx"]);

        var isolated = TestTerminal.Run("quantize", "--model", _folder["model.onnx"], "--out", _folder["isolated.onnx"]);
        var trusted = TestTerminal.Run("quantize", "--model", _folder["model.onnx"], "--out", _folder["trusted.onnx"], "--trusted");

        Assert.AreEqual(0, isolated.ExitCode, isolated.Error);
        Assert.AreEqual(0, trusted.ExitCode, trusted.Error);
        Assert.AreSequenceEqual(File.ReadAllBytes(_folder["trusted.onnx"]), File.ReadAllBytes(_folder["isolated.onnx"]));
        Assert.IsFalse(ExportedModels.Contains(_folder["isolated.onnx"]), "what a stranger's file becomes is a stranger's");
    }

    [TestMethod]
    public void Quantize_refuses_a_file_that_crashes_and_leaves_nothing()
    {
        // One product, so that there is something to quantise, before the operator that crashes while constants are computed.
        var model = Product();
        model.Graph.Node.Add(RawModel.Node("OneHot", ["indices", "depth", "values"], ["o"]));
        model.Graph.Initializer.Add([
            RawModel.Longs("indices", [1], 1),
            RawModel.Longs("depth", [0]),
            RawModel.Floats("values", [2], 0, 1),
        ]);
        model.Graph.Output.Add(RawModel.Tensor("o", TensorProto.Types.DataType.Float, "A", "B"));
        ForeignModel.Write(model, _folder["model.onnx"]);

        var run = TestTerminal.Run("quantize", "--model", _folder["model.onnx"], "--out", _folder["small.onnx"]);

        Assert.AreEqual(ExitCode.Failed, run.ExitCode, run.Error);
        Assert.Contains("(SIG", run.ErrorLines.Single());
        Assert.IsFalse(File.Exists(_folder["small.onnx"]));
    }

    static ModelProto Product() =>
        RawModel.Model(
            [RawModel.Tensor("x", TensorProto.Types.DataType.Float, "N", 64)],
            [RawModel.Tensor("y", TensorProto.Types.DataType.Float, "N", 64)],
            [RawModel.Node("MatMul", ["x", "w"], ["y"])],
            RawModel.Floats("w", [64, 64], RawModel.Rows(1, 64 * 64)[0])
        );

    static ModelProto Affine() => ForeignModel.Affine();

    TestTerminal Score(params string[] options) =>
        TestTerminal.Run([
            "score",
            _folder["model.onnx"],
            "--input",
            _folder["rows.csv"],
            "--header",
            "no",
            "--output",
            _folder["scores.csv"],
            .. options,
        ]);
}
