using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using NoisyNN.Models.Onnx;
using NoisyNN.Pipelines.Evaluation.Classes;
using NoisyNN.Pipelines.Reports;
using NoisyNN.Transforms.Onnx.Scoring;
using NoisyNN.Transforms.Onnx.Sessions;

namespace NoisyNN.Pipelines.Experiments;

/// <summary>Ships a trained pipeline as an ONNX file and scores the test rows with that file alone, as an application would.</summary>
sealed class OnnxDelivery(RunInputs inputs)
{
    const int BatchSize = 64;

    public OnnxSummary Run(TrainedPipeline pipeline)
    {
        var (ml, experiment, data, path) = (inputs.ML, inputs.Experiment, inputs.Data, inputs.Folder.ModelPath);
        var test = inputs.Test.ToDataView();
        var temperature = experiment.Export is { Temperature: true } ? TemperatureScaling.Fit(pipeline.Chosen!) : 1;
        var export = ml.Vision.SaveAsOnnx(
            pipeline.Model,
            path,
            data.Validation,
            new OnnxExportOptions
            {
                InputNoise = experiment.Noise.Input?.Noise,
                TrainManifestSha256 = data.Sha256,
                Temperature = temperature,
                Metadata = NoiseMetadata.Of(
                    experiment.Noise.Input?.Noise,
                    experiment.Noise.Latent?.Placement,
                    [.. experiment.Pipeline.Select(step => (step.Noise, step.Scope))]
                ),
            }
        );

        var labels = LabelKeys.Map(ml, data.Labels).Fit(test);
        using var scorer = ml
            .Scoring.OnnxBatch(
                new OnnxBatchEstimator.Options
                {
                    ModelFile = path,
                    BatchSize = BatchSize,
                    FallbackToCpu = true, // A GPU that trained must not make the run fail here, where ONNX Runtime may be without one.
                    IntraOpNumThreads = experiment.Training.ThreadCount is > 0 and var threads ? threads : null,
                }
            )
            .Fit(test);
        var scored = scorer.Transform(labels.Transform(test));
        var metrics = ml.MulticlassClassification.Evaluate(scored);

        var clock = Stopwatch.StartNew();
        var rows = scored.GetColumn<VBuffer<float>>("Score").LongCount();
        return new OnnxSummary(
            Path.GetFileName(path),
            export.Opset,
            export.MaxAbsDifference,
            metrics.MicroAccuracy,
            rows / clock.Elapsed.TotalSeconds,
            BatchSize
        )
        {
            Temperature = temperature == 1 ? null : temperature,
            Inputs = [.. scorer.Model.Inputs.Select(Summarize)],
            Outputs = [.. scorer.Model.Outputs.Select(Summarize)],
        };
    }

    static TensorSummary Summarize(OnnxTensorInfo tensor) => new(tensor.Name, tensor.TypeName, tensor.DimensionNames);
}
