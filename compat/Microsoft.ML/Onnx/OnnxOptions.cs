using System.Collections.Generic;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Which ONNX model is applied, to which columns, and how it runs.</summary>
public sealed class OnnxOptions
{
    public string ModelFile;

    /// <summary>The model's inputs, which are also the columns; by default all.</summary>
    public string[] InputColumns;

    /// <summary>The model's outputs, which are also the columns; by default all.</summary>
    public string[] OutputColumns;

    public int? GpuDeviceId;
    public bool FallbackToCpu;

    /// <summary>Shapes that take the place of the model's own where those are unknown.</summary>
    public IDictionary<string, int[]> ShapeDictionary;

    /// <summary>The official package's limit for reading the file; ONNX Runtime has limits of its own.</summary>
    public int RecursionLimit = 100;

    public int? InterOpNumThreads;
    public int? IntraOpNumThreads;

    public OnnxOptions()
    {
    }
}
