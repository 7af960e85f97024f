namespace NoisyNN.Transforms.Onnx.Isolation;

/// <summary>The process that runs a model has ended, or was ended because it went beyond a limit. This process is unharmed.</summary>
public sealed class ModelProcessException : InvalidOperationException
{
    internal ModelProcessException(string modelFile, string cause, string remedy, Exception? inner = null)
        : base($"The process that ran '{modelFile}' {cause}. {remedy}", inner) => (ModelFile, Reason) = (modelFile, cause);

    /// <summary>Path of the ONNX file.</summary>
    public string ModelFile { get; }

    /// <summary>What happened to the process, as the end of a sentence.</summary>
    public string Reason { get; }
}
