using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace NoisyNN.Tests.Structure;

/// <summary>Which namespace of the product uses which other one, by its compiled types.</summary>
sealed class NamespaceGraph
{
    /// <summary>The assemblies of the product.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    ["NoisyNN.Transforms", "NoisyNN.Entropy", "NoisyNN.Models", "NoisyNN.Pipelines"];

    const string Product = "NoisyNN";

    static readonly Lazy<ArchUnitNET.Domain.Architecture> s_product = new(() =>
        new ArchLoader().LoadAssemblies([.. Projects.Select(project => System.Reflection.Assembly.Load(project))]).Build()
    );

    readonly Dictionary<string, SortedDictionary<string, string>> _uses = [];

    /// <param name="types">The types to look at.</param>
    public NamespaceGraph(IEnumerable<IType> types)
    {
        foreach (var type in types)
        {
            var uses = _uses.TryGetValue(Of(type), out var known) ? known : _uses[Of(type)] = new(StringComparer.Ordinal);
            foreach (
                var target in type.GetTypeDependencies()
                    .Where(target => target is not GenericParameter && IsOurs(target))
                    .Where(target => Of(target) != Of(type))
            )
                uses.TryAdd(Of(target), $"{type.Name} uses {target.Name}");
        }
    }

    /// <summary>All types of an assembly of the product.</summary>
    public static IEnumerable<IType> TypesOf(string project) =>
        s_product.Value.Types.Where(type => type.Assembly.Name.Split(',')[0] == project && IsOurs(type));

    /// <summary>The types of a namespace of these tests.</summary>
    public static IEnumerable<IType> TypesOfTests(string name) =>
        new ArchLoader().LoadAssemblies(typeof(NamespaceGraph).Assembly).Build().Types.Where(type => Of(type) == name);

    /// <summary>The namespaces that types were found in.</summary>
    public IReadOnlyCollection<string> Namespaces => _uses.Keys;

    /// <summary>How many namespaces use another one.</summary>
    public int EdgeCount => _uses.Values.Sum(uses => uses.Count);

    /// <summary>What a namespace uses, and an example for each.</summary>
    public IReadOnlyDictionary<string, string> UsedBy(string name) => _uses[name];

    /// <summary>A way from a namespace of these types back to itself, as lines with an example each; empty where there is none.</summary>
    public IReadOnlyList<string> Cycle()
    {
        HashSet<string> done = [];
        List<string> way = [];
        return _uses.Keys.Order(StringComparer.Ordinal).Any(name => LeadsBack(name, done, way))
            ? [.. way.Zip(way.Skip(1), (from, to) => $"{from} -> {to}: {_uses[from][to]}")]
            : [];
    }

    /// <summary>Whether a way from here meets itself; the way is what is left then, its first and last entry the same.</summary>
    bool LeadsBack(string name, HashSet<string> done, List<string> way)
    {
        if (way.IndexOf(name) is >= 0 and var start)
        {
            way.RemoveRange(0, start);
            way.Add(name);
            return true;
        }
        if (done.Contains(name) || !_uses.TryGetValue(name, out var uses))
            return false;
        way.Add(name);
        foreach (var next in uses.Keys)
            if (LeadsBack(next, done, way))
                return true;
        way.RemoveAt(way.Count - 1);
        done.Add(name);
        return false;
    }

    /// <summary>A type's namespace; empty for a parameter of a generic type.</summary>
    public static string Of(IType type) => type.Namespace?.FullName ?? "";

    static bool IsOurs(IType type) => Of(type) == Product || Of(type).StartsWith($"{Product}.", StringComparison.Ordinal);
}
