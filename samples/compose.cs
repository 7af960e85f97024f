#!/usr/bin/env dotnet
// Composes a pipeline from parts of ML.NET and of this project: an exported network gives embeddings, in batches; what comes after them is
// plain ML.NET.
//
//   dotnet run -c Release samples/compose.cs model.onnx photos/
//
// Prints each image with its predicted class and the image that is most like it.
#:project ../transforms/NoisyNN.Transforms.csproj
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
#:property RootNamespace=NoisyNN.Samples

using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN;

if (args is not [var modelFile, var folder])
{
    Console.Error.WriteLine("Give an ONNX file and a folder of images: compose.cs model.onnx photos/");
    return 2;
}

var ml = new MLContext(seed: 1);
string[] endings = [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"];
var photos = Directory.EnumerateFiles(folder).Where(path => endings.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal);
var rows = ml.Data.LoadFromEnumerable(photos.Select(path => new Photo { Path = Path.GetFileName(path) }).ToList());

// The network is loaded twice, once for each of its outputs; a file that is read once could be cached in between with
// AppendCacheCheckpoint.
var scores = ml.Scoring.OnnxBatch(new() { ModelFile = modelFile, RawPixels = true });
var image = scores.ImageInput ?? throw new ArgumentException($"{modelFile} takes no images.");

// The decoder that the command line trains and scores with: other ways to load images give other pixels, and other predictions.
var pipeline = ml
    .Images.Load("Pixels", nameof(Photo.Path), image.Height, image.Width, image.Channels, rootFolder: folder)
    .Append(scores)
    .Append(
        ml.Scoring.OnnxBatch(
            new()
            {
                OutputColumnName = "Embedding",
                ModelFile = modelFile,
                Output = "ClassToken",
                RawPixels = true,
            }
        )
    )
    .Append(ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel"))
    .Append(ml.Transforms.SelectColumns(nameof(Photo.Path), "Class", "Embedding"));

using var model = pipeline.Fit(rows);
var seen = ml.Data.CreateEnumerable<Seen>(model.Transform(rows), reuseRowObject: false).ToList();
foreach (var photo in seen)
{
    var like = seen.Where(other => other != photo).MaxBy(other => Cosine(photo.Embedding, other.Embedding));
    Console.WriteLine($"{photo.Path}\t{photo.Class}\t{like?.Path}");
}
return 0;

static double Cosine(float[] left, float[] right)
{
    var (dot, leftSquares, rightSquares) = (0.0, 0.0, 0.0);
    for (var index = 0; index < left.Length; index++)
    {
        dot += (double)left[index] * right[index];
        leftSquares += (double)left[index] * left[index];
        rightSquares += (double)right[index] * right[index];
    }
    return dot / Math.Sqrt(leftSquares * rightSquares);
}

sealed class Photo
{
    public string Path { get; set; } = "";
}

sealed class Seen
{
    public string Path { get; set; } = "";

    public string Class { get; set; } = "";

    public float[] Embedding { get; set; } = [];
}
