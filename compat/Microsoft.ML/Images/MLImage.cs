using System;

namespace Microsoft.ML.Data;

public sealed class MLImage : IDisposable
{
    private MLImage() { }
    public void Dispose() { }
}
