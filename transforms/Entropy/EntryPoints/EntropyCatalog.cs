using Microsoft.ML;

namespace NoisyNN;

/// <summary>What noise does to the entropy of a task, in closed form and measured: <c>ml.Entropy</c>.</summary>
public sealed partial class EntropyCatalog
{
    readonly MLContext _context;

    internal EntropyCatalog(MLContext context) => _context = context;
}

/// <summary>Hangs <see cref="EntropyCatalog"/> on the context.</summary>
public static class EntropyExtensions
{
    extension(MLContext context)
    {
        /// <summary>What noise does to the entropy of a task, in closed form and measured.</summary>
        public EntropyCatalog Entropy => new(context);
    }
}
