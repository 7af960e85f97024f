using System.Reflection;

namespace NoisyNN.Tests.Structure;

/// <summary>References run one way: between projects, and between the namespaces of a project.</summary>
[TestClass]
public sealed class ReferenceTests
{
    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("NoisyNN.Transforms")]
    [DataRow("NoisyNN.Entropy")]
    [DataRow("NoisyNN.Models")]
    [DataRow("NoisyNN.Pipelines")]
    public void The_namespaces_of_a_project_have_no_cycle(string project)
    {
        var graph = new NamespaceGraph(NamespaceGraph.TypesOf(project));
        TestContext.WriteLine($"{project}: {graph.Namespaces.Count} namespaces, {graph.EdgeCount} references between them");

        Assert.IsGreaterThan(4, graph.Namespaces.Count);
        Assert.AreEqual("", string.Join('\n', graph.Cycle()));
    }

    [TestMethod]
    public void A_reference_in_a_lambda_counts()
    {
        var planted = typeof(Planted.InALambda).Namespace!;

        Assert.Contains("NoisyNN.Tests.Yaml", new NamespaceGraph(NamespaceGraph.TypesOfTests(planted)).UsedBy(planted).Keys);
    }

    [TestMethod]
    public void A_cycle_is_found_and_told_with_an_example()
    {
        var knot = NamespaceGraph
            .TypesOfTests("NoisyNN.Tests.Structure")
            .Concat(NamespaceGraph.TypesOfTests("NoisyNN.Tests.Structure.Planted"));

        Assert.AreEqual(
            "NoisyNN.Tests.Structure -> NoisyNN.Tests.Structure.Planted: ReferenceTests uses InALambda\n"
                + "NoisyNN.Tests.Structure.Planted -> NoisyNN.Tests.Structure: InALambda uses NamespaceGraph",
            string.Join('\n', new NamespaceGraph(knot).Cycle())
        );
    }

    [TestMethod]
    [DataRow("NoisyNN.Transforms", "")]
    [DataRow("NoisyNN.Entropy", "NoisyNN.Transforms")]
    [DataRow("NoisyNN.Models", "NoisyNN.Transforms")]
    [DataRow("NoisyNN.Pipelines", "NoisyNN.Entropy, NoisyNN.Models, NoisyNN.Transforms")]
    public void Projects_reference_each_other_one_way(string project, string referenced)
    {
        var names = Assembly
            .Load(project)
            .GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("NoisyNN.", StringComparison.Ordinal));

        Assert.AreEqual(referenced, string.Join(", ", names.Order(StringComparer.Ordinal)));
    }

    [TestMethod]
    public void A_network_knows_no_other_network()
    {
        var graph = new NamespaceGraph(NamespaceGraph.TypesOf("NoisyNN.Models"));
        var networks = graph.Namespaces.Where(name => name.Count(letter => letter == '.') == 3 && IsNetwork(name)).ToList();
        var others =
            from network in networks
            from used in graph.UsedBy(network)
            where IsNetwork(used.Key) && !used.Key.StartsWith(network, StringComparison.Ordinal)
            select $"{network}: {used.Value}";

        Assert.IsGreaterThanOrEqualTo(5, networks.Count);
        Assert.AreEqual("", string.Join('\n', others));

        static bool IsNetwork(string name) => name.StartsWith("NoisyNN.Models.Networks.", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("YamlDotNet", "NoisyNN.Pipelines.Yaml, NoisyNN.Pipelines.Cli.Options, NoisyNN.Pipelines.Experiments.Declared")]
    [DataRow("System.CommandLine", "NoisyNN.Pipelines.Cli")]
    [DataRow("SkiaSharp", "NoisyNN.Transforms.Images")]
    [DataRow(
        "Microsoft.ML.OnnxRuntime",
        "NoisyNN.Transforms.Onnx, NoisyNN.Transforms.Native, NoisyNN.Models.Onnx, NoisyNN.Models.Prediction, "
            + "NoisyNN.Pipelines.Cli, NoisyNN.Pipelines.Scoring, NoisyNN.Pipelines.Experiments.Running"
    )]
    public void A_library_is_used_in_the_rooms_that_it_belongs_to(string library, string rooms)
    {
        var allowed = rooms.Split(", ");
        var strangers =
            from type in NamespaceGraph.Projects.SelectMany(NamespaceGraph.TypesOf)
            where
                type.Dependencies.Any(dependency =>
                    NamespaceGraph.Of(dependency.Target) is var name
                    && (name == library || name.StartsWith($"{library}.", StringComparison.Ordinal))
                )
            where
                !allowed.Any(room =>
                    NamespaceGraph.Of(type) == room || NamespaceGraph.Of(type).StartsWith($"{room}.", StringComparison.Ordinal)
                )
            select type.FullName;

        Assert.AreEqual("", string.Join('\n', strangers.Order(StringComparer.Ordinal)));
    }
}
