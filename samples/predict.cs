#!/usr/bin/env dotnet
// Scores rows with a model that ml.Model.Save wrote. An application of ML.NET's packages alone: it does not know of this project, and needs
// neither libtorch nor the network's code.
//
//   dotnet run -c Release samples/predict.cs model.zip rows.csv
//
// rows.csv has a row of numbers on each line, such as an image's raw pixels, without a header. Prints, row by row, the class and the
// scores.
#:package Microsoft.ML
#:package Microsoft.ML.OnnxTransformer
#:package Microsoft.ML.OnnxRuntime
#:property PublishAot=false
#:property RootNamespace=NoisyNN.Samples

using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args is not [var modelFile, var rowFile])
{
    Console.Error.WriteLine("Give a saved model and a file of rows: predict.cs model.zip rows.csv");
    return 2;
}

var ml = new MLContext(seed: 1);
var model = ml.Model.Load(modelFile, out var inputSchema);
var pixels = inputSchema["Pixels"];
var definition = SchemaDefinition.Create(typeof(Row));
definition[nameof(Row.Pixels)].ColumnType = pixels.Type;
var rows = File.ReadLines(rowFile)
    .Select(line => new Row { Pixels = [.. line.Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture))] })
    .ToList();

var scored = model.Transform(ml.Data.LoadFromEnumerable(rows, definition));

// The class is a key; its text is in the column's annotations.
var named = ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel").Fit(scored).Transform(scored);
foreach (var (label, scores) in named.GetColumn<string>("Class").Zip(named.GetColumn<float[]>("Score")))
    Console.WriteLine($"{label}\t{string.Join('\t', scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture)))}");
(model as IDisposable)?.Dispose();
return 0;

sealed class Row
{
    public float[] Pixels { get; set; } = [];

    /// <summary>What a model that was trained on labels still has in its schema; nothing reads it.</summary>
    public string Label { get; set; } = "";
}
