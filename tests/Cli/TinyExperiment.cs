using NoisyNN.Tests.Images;

namespace NoisyNN.Tests.Cli;

/// <summary>A folder with two classes of small images that differ in colour, and an experiment on it that takes a second or two.</summary>
sealed class TinyExperiment : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public TinyExperiment()
    {
        for (var i = 0; i < 40; i++)
        {
            _folder.Write($"images/red/{i:00}.png", Image(i, red: true));
            _folder.Write($"images/blue/{i:00}.png", Image(i, red: false));
        }

        File.WriteAllText(
            Declaration,
            $"""
            name: tiny
            data:
              directory: {Images}
              imageSize: 8
              validationFraction: 0.25
            noise:
              latent:
                family: circular-shift
                strength: 0.3
                axis: tokens
            network:
              patchSize: 4
              dimension: 16
              depth: 2
              heads: 2
            training:
              epochs: 3
              batchSize: 8
              learningRate: 3e-3
              threads: 1
            evaluation:
              leak:
                family: optimal-mixing
                axis: batch
              batches: [1, 4]
              shuffles: 2
            """
        );
    }

    public string Declaration => _folder["tiny.yaml"];

    public string Images => _folder["images"];

    public string Runs => _folder["runs"];

    public string this[string path] => _folder[path];

    /// <summary>Trains it under a name, with other values for some keys.</summary>
    public TestTerminal Train(string name, params string[] overrides) =>
        TestTerminal.Run([
            "train",
            Declaration,
            "--output",
            Runs,
            .. ((string[])[$"name={name}", .. overrides]).SelectMany(one => (string[])["--set", one]),
        ]);

    public void Dispose() => _folder.Dispose();

    public static byte[] Image(int number, bool red) =>
        ImageFiles.Png(
            8,
            8,
            (x, y) =>
            {
                var shade = (byte)(100 + (number * 37 + x * 11 + y * 5) % 120);
                return red ? (shade, (byte)40, (byte)(number % 7)) : ((byte)(number % 7), (byte)40, shade);
            }
        );
}
