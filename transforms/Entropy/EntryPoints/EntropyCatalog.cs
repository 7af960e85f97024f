using Microsoft.ML;

namespace NoisyNN;

/// <summary>The effect of noise on the entropy of a task, in closed form and measured: <c>ml.Entropy</c>.</summary>
public sealed partial class EntropyCatalog
{
    readonly MLContext _context;

    internal EntropyCatalog(MLContext context) => _context = context;
}

/// <summary>Adds <see cref="EntropyCatalog"/> to <see cref="MLContext"/>.</summary>
public static class EntropyExtensions
{
    extension(MLContext context)
    {
        /// <summary>The effect of noise on the entropy of a task, in closed form and measured.</summary>
        public EntropyCatalog Entropy => new(context);
    }
}
