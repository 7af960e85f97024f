using System.Text;
using NoisyNN.Pipelines.Data.Manifests;
using NoisyNN.Pipelines.Experiments.Declared;
using NoisyNN.Tests.Data;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>Damaged tables, experiments and manifests.</summary>
[TestClass]
public sealed class DamagedTextTests
{
    const string Table = "id,length,width\n1,2.25,10\n2,-3.5e2,11\n3,4.125,12\n4,5.5,13\n5,6.75,14\n";
    const string German = "Länge;Breite\n1.024,5;-2\n3,25;4\n1,5;6\n7,5;8\n";

    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(Table)]
    [DataRow(German)]
    public void Tables(string table) =>
        Run(
            new(TestContext, "tables", "rows.csv", path => CommandRefusedException.Run("measure", "--input", path, "--sigma", "1"))
            {
                MayEndAnywhere = true,
            },
            table,
            factor: 2
        );

    [TestMethod]
    [DataRow("demo")]
    [DataRow("information-vae")]
    public void Experiments(string name) =>
        Run(
            new(TestContext, "experiments (YAML)", "trial.yaml", path => ExperimentFile.Load(path).Effective) { MayEndAnywhere = true },
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configs", $"{name}.yaml")),
            factor: 2
        );

    [TestMethod]
    public void Manifests()
    {
        using var data = new IdxDataSet();
        Run(
            new(TestContext, "manifests (Croissant)", "croissant.json", path => Describe(DataManifest.Read(path)))
            {
                MayEndAnywhere = true,
            },
            File.ReadAllText(data.ManifestPath),
            factor: 2
        );
    }

    static void Run(HostileCorpus corpus, string text, int factor)
    {
        var (whole, count) = (Encoding.UTF8.GetBytes(text), factor * HostileCorpus.Count);
        corpus.Run(
            whole,
            [.. Damage.Cuts("text", whole), .. Damage.Bytes("text", whole, count, seed: 1), .. Damage.Text("text", text, count, seed: 2)]
        );
    }

    static string Describe(DataManifest manifest) =>
        string.Join(' ', [manifest.Name, manifest.Sha256, .. manifest.Labels, manifest.Train.Images.Name, $"{manifest.Train.Images.Url}"]);
}
