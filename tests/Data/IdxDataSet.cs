using System.Buffers.Binary;
using System.IO.Compression;
using NoisyNN.Pipelines.Data.Manifests;

namespace NoisyNN.Tests.Data;

/// <summary>
/// A small data set in a folder: 40 training and 20 test images of 2 x 3 pixels in two classes, with a manifest that lies beside them.
/// </summary>
sealed class IdxDataSet : IDisposable
{
    public const int Height = 2,
        Width = 3;

    readonly TemporaryFolder _folder = new();

    public IdxDataSet()
    {
        foreach (var (split, count) in new[] { ("train", 40), ("test", 20) })
        {
            WriteFile($"{split}-images.gz", Images(count));
            WriteFile($"{split}-labels.gz", Labels(count));
        }
        WriteManifest();
    }

    public string ManifestPath => _folder["croissant.json"];

    public string this[string name] => _folder[name];

    public static byte[] Images(int count) =>
        Idx([count, Height, Width], [.. Enumerable.Range(0, count * Height * Width).Select(i => (byte)(i * 7))]);

    /// <summary>Every fourth row is of class 1.</summary>
    public static byte[] Labels(int count) => Idx([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 4 == 3 ? 1 : 0))]);

    /// <summary>A compressed IDX file of unsigned bytes.</summary>
    public static byte[] Idx(int[] dimensions, byte[] values, int? magic = null)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        BinaryPrimitives.WriteInt32BigEndian(header, magic ?? 0x0800 + dimensions.Length);
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        return Compress([.. header, .. values]);
    }

    public static byte[] Compress(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Optimal))
            stream.Write(content);
        return compressed.ToArray();
    }

    public void WriteFile(string name, byte[] content) => _folder.Write(name, content);

    /// <summary>Writes the manifest for the files as they are now, after an edit of its text.</summary>
    public void WriteManifest(Func<string, string>? edit = null)
    {
        var files = string.Join(",\n", new[] { "train-images", "train-labels", "test-images", "test-labels" }.Select(Describe));
        var sets = string.Join(",\n", new[] { "train", "test" }.Select(DescribeSplit));
        var text = $$"""
            {
              "@context": {}, "@type": "sc:Dataset", "name": "tiny", "description": "For tests.", "url": "https://example.org/tiny",
              "conformsTo": "http://mlcommons.org/croissant/1.1", "license": "https://spdx.org/licenses/MIT.html",
              "creator": { "name": "us" }, "datePublished": "2025-01-01",
              "distribution": [ {{files}} ],
              "recordSet": [
                { "@id": "splits", "dataType": "cr:Split", "key": { "@id": "splits/name" },
                  "field": [ { "@id": "splits/name", "dataType": "sc:Text" }, { "@id": "splits/url", "dataType": "cr:Split" } ],
                  "data": [ { "splits/name": "train", "splits/url": "cr:TrainingSplit" }, { "splits/name": "test", "splits/url": "cr:TestSplit" } ] },
                { "@id": "labels", "dataType": "sc:Enumeration", "key": { "@id": "labels/index" },
                  "field": [ { "@id": "labels/index", "dataType": "cr:UInt8" }, { "@id": "labels/name", "dataType": "sc:Text" } ],
                  "data": [ { "labels/index": 0, "labels/name": "cat" }, { "labels/index": 1, "labels/name": "dog" } ] },
                {{sets}}
              ]
            }
            """;
        var edited = edit?.Invoke(text) ?? text;
        Assert.IsTrue(edit is null || edited != text, "the edit must change something");
        File.WriteAllText(ManifestPath, edited);
    }

    public void Dispose() => _folder.Dispose();

    string Describe(string id)
    {
        var content = File.ReadAllBytes(_folder[id + ".gz"]);
        return $$"""
            { "@type": "cr:FileObject", "@id": "{{id}}", "name": "{{id}}.gz", "contentUrl": "{{id}}.gz",
              "encodingFormat": [ "application/gzip", "http://yann.lecun.com/exdb/mnist/" ],
              "contentSize": "{{content.Length}} B", "sha256": "{{ContentHash.Of(content)}}" }
            """;
    }

    static string DescribeSplit(string split) =>
        $$"""
            { "@id": "{{split}}", "field": [
              { "@id": "{{split}}/image", "arrayShape": "2,3", "source": { "fileObject": { "@id": "{{split}}-images" } } },
              { "@id": "{{split}}/label", "dataType": [ "cr:UInt8", "cr:Label" ], "source": { "fileObject": { "@id": "{{split}}-labels" } } },
              { "@id": "{{split}}/split", "dataType": "sc:Text", "value": "{{split}}" } ] }
            """;
}
