using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using NoisyNN.Models.Networks.VisionTransformer;
using NoisyNN.Models.Weights;
using NoisyNN.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace NoisyNN.Tests.RealFiles.Hostile;

/// <summary>Damaged arrays: NumPy's files, and files of weights.</summary>
[TestClass]
public sealed class DamagedArrayTests
{
    /// <summary>For what is printed.</summary>
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Arrays()
    {
        var whole = Npy("{'descr': '<f8', 'fortran_order': False, 'shape': (6, 3), }", 6 * 3 * sizeof(double));
        for (var value = 0; value < 18; value++)
            BinaryPrimitives.WriteDoubleLittleEndian(whole.AsSpan(whole.Length - 8 * (18 - value)), value * value);
        string[] headers =
        [
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 1000000000000), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-6, -3), }",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (6, 3, }",
            "{'descr': '|O', 'fortran_order': False, 'shape': (6, 3), }",
            "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (6, 3), }",
            "{'descr': '<f99999999999', 'fortran_order': False, 'shape': (6, 3), }",
            "{'descr': '<f8', 'shape': __import__('os').system('id'), 'fortran_order': False, }",
            $"{{'shape': {new string('(', 30_000)}",
            "",
        ];

        new HostileCorpus(
            TestContext,
            "arrays (.npy)",
            "rows.npy",
            path => CommandRefusedException.Run("measure", "--input", path, "--sigma", "1")
        ).Run(
            whole,
            [
                .. Damage.Cuts("array", whole),
                .. Damage.Bytes("array", whole, 4 * HostileCorpus.Count, seed: 3),
                .. headers.Select(header => new HostileFile($"header {header[..Math.Min(80, header.Length)]}", Npy(header, 144))),
            ]
        );
    }

    [TestMethod]
    public void Files_of_weights()
    {
        using var source = TinyNetwork.Create();
        using var content = new MemoryStream();
        Safetensors.Write(content, [.. source.state_dict()]);
        var whole = content.ToArray();
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(whole);
        var header = Encoding.UTF8.GetString(whole, 8, headerLength);

        new HostileCorpus(TestContext, "weights (safetensors)", "weights.safetensors", Load).Run(
            whole,
            [
                .. Damage.Cuts("weights", whole),
                .. Damage.Bytes("weights", whole, HostileCorpus.Count, seed: 4),
                .. Damage
                    .Bytes("header", whole[..(8 + headerLength)], 4 * HostileCorpus.Count, seed: 5)
                    .Select(file => file with { Content = [.. file.Content, .. whole[(8 + headerLength)..]] }),
                .. Damage
                    .Text("header", header, 4 * HostileCorpus.Count, seed: 6)
                    .Select(file =>
                        file with
                        {
                            Content = [.. Length(file.Content.Length), .. file.Content, .. whole[(8 + headerLength)..]],
                        }
                    ),
            ]
        );
    }

    /// <summary>Loads a file into a new network.</summary>
    static string Load(string path)
    {
        using var scope = NewDisposeScope();
        using var network = new NoisyViT(TinyNetwork.Configuration);
        PretrainedWeights.Load(network, path);
        return string.Join(
            ' ',
            network
                .state_dict()
                .Values.Select(array => array.to_type(ScalarType.Float64).sum().item<double>().ToString(CultureInfo.InvariantCulture))
        );
    }

    static byte[] Length(long length)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        return bytes;
    }

    static byte[] Npy(string header, int length)
    {
        var text = Encoding.ASCII.GetBytes(header + "\n");
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. new byte[length]];
    }
}
