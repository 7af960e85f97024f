using System.Runtime.InteropServices;
using Microsoft.ML;
using NoisyNN.Transforms.Onnx;
using DataLocation = NoisyNN.Transforms.Onnx.TensorProto.Types.DataLocation;

namespace NoisyNN.Tests.Onnx.Scoring;

/// <summary>A model cannot make its host read files outside its own folder.</summary>
[TestClass]
public sealed class ExternalDataTests
{
    [TestMethod]
    public void Plain_file_beside_the_model_is_read()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["weights.bin"], BitConverter.GetBytes(2f));

        Load(folder, "weights.bin");
    }

    [TestMethod]
    [DataRow("../weights.bin", "leads out of the model's folder")]
    [DataRow("deeper/../../weights.bin", "leads out of the model's folder")]
    [DataRow("..\\weights.bin", "leads out of the model's folder")]
    [DataRow("/etc/passwd", "not relative to the model")]
    [DataRow("\\\\server\\share", "not relative to the model")]
    [DataRow("C:\\weights.bin", "not relative to the model")]
    [DataRow("weights.bin\0.txt", "control characters")]
    [DataRow("weights.bin.", "ambiguous")]
    [DataRow("", "is not a path")]
    [DataRow("absent.bin", "does not exist")]
    public void Path_that_is_not_a_file_in_the_models_folder_is_refused(string location, string reason)
    {
        using var folder = new TemporaryFolder();

        StringAssert.Contains(Refusal(folder, location), reason);
    }

    [TestMethod]
    public void Symbolic_link_is_refused_at_the_end_and_on_the_way()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere["secret.bin"], BitConverter.GetBytes(2f));
        File.CreateSymbolicLink(folder["link.bin"], elsewhere["secret.bin"]);
        Directory.CreateSymbolicLink(folder["link"], elsewhere.Path);

        StringAssert.Contains(Refusal(folder, "link.bin"), "symbolic link");
        StringAssert.Contains(Refusal(folder, "link/secret.bin"), "symbolic link");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Hard_link_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["secret.bin"], BitConverter.GetBytes(2f));
        Assert.AreEqual(0, link(folder["secret.bin"], folder["weights.bin"]));

        StringAssert.Contains(Refusal(folder, "weights.bin"), "hard link");
    }

    [TestMethod]
    public void Range_beyond_the_end_of_the_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["weights.bin"], BitConverter.GetBytes(2f));

        StringAssert.Contains(Refusal(folder, "weights.bin", ("offset", "0"), ("length", "5")), "end before the tensor does");
        StringAssert.Contains(
            Refusal(folder, "weights.bin", ("offset", "9223372036854775807"), ("length", "4")),
            "end before the tensor does"
        );
        StringAssert.Contains(Refusal(folder, "weights.bin", ("offset", "-1")), "is not a number");
    }

    [TestMethod]
    public void Path_in_a_nested_graph_is_found()
    {
        using var folder = new TemporaryFolder();
        var model = ForeignModel.Affine();
        var branch = new GraphProto { Initializer = { External("/etc/passwd") } };
        model.Graph.Node.Add(
            new NodeProto
            {
                OpType = "If",
                Attribute =
                {
                    new AttributeProto { Name = "then_branch", G = branch },
                },
            }
        );

        StringAssert.Contains(Refusal(folder, model), "/etc/passwd");
    }

    [TestMethod]
    public void Control_characters_of_a_hostile_path_do_not_reach_the_message()
    {
        using var folder = new TemporaryFolder();

        Assert.DoesNotContain('\u001b', Refusal(folder, "\u001b[2Jweights.bin"));
    }

    [TestMethod]
    public void Graphs_nested_without_end_are_refused()
    {
        using var folder = new TemporaryFolder();
        var graph = new GraphProto();
        for (var depth = 0; depth < 200; depth++)
            graph = new()
            {
                Node =
                {
                    new NodeProto
                    {
                        Attribute =
                        {
                            new AttributeProto { Name = "body", G = graph },
                        },
                    },
                },
            };
        var model = ForeignModel.Affine();
        model.Graph.Node.Add(graph.Node[0]);

        StringAssert.Contains(Refusal(folder, model), "not a readable ONNX file");
    }

    static string Refusal(TemporaryFolder folder, string location, params (string Key, string Value)[] entries) =>
        Assert.ThrowsExactly<InvalidDataException>(() => Load(folder, location, entries)).Message;

    static string Refusal(TemporaryFolder folder, ModelProto model) =>
        Assert.ThrowsExactly<InvalidDataException>(() => Load(folder, model)).Message;

    static void Load(TemporaryFolder folder, string location, params (string Key, string Value)[] entries)
    {
        var model = ForeignModel.Affine();
        var tensor = External(location);
        tensor.ExternalData.Add(entries.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        tensor.Name = model.Graph.Initializer[0].Name;
        model.Graph.Initializer[0] = tensor;
        Load(folder, model);
    }

    static void Load(TemporaryFolder folder, ModelProto model) =>
        new MLContext().Scoring.OnnxBatch("Score", "Values", ForeignModel.Write(model, folder["model.onnx"]));

    static TensorProto External(string location) =>
        new()
        {
            Name = "weights",
            DataType = (int)TensorProto.Types.DataType.Float,
            DataLocation = DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = location },
            },
        };

    [
        DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true),
        DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)
    ]
    static extern int link(string existing, string alias);
}
