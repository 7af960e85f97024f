using NoisyNN.Pipelines.Reports.Templates;

namespace NoisyNN.Pipelines.Reports;

/// <summary>The page of <c>noisynn evaluate</c>: a model on labelled rows.</summary>
static class EvaluationReport
{
    /// <summary>Renders the page. It loads nothing: styles and drawings are inside.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="modelSha256">The SHA-256 of its content.</param>
    /// <param name="data">The data set's name.</param>
    /// <param name="dataSha256">The fingerprint of the data set.</param>
    /// <param name="split">Which of its rows.</param>
    /// <param name="rows">How many.</param>
    /// <param name="command">The command line that repeats it.</param>
    /// <param name="section">The figures.</param>
    /// <param name="pictures">Some of the images, and where the model looks in them.</param>
    public static string Render(
        string model,
        string modelSha256,
        string data,
        string dataSha256,
        string split,
        long rows,
        string command,
        ClassSection section,
        RunPictures pictures
    ) =>
        ReportTemplate.Render(
            "evaluation",
            new
            {
                Summary = new { Name = $"{Path.GetFileName(model)} on {data}", Claim = (string?)null },
                Model = model,
                ModelSha256 = modelSha256,
                Data = data,
                DataSha256 = dataSha256,
                Split = split,
                Rows = rows,
                Command = command,
                Classes = section.Shown(),
                Pictures = pictures.Shown(),
            }
        );
}
