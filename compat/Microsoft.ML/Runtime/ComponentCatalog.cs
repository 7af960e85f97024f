using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Runtime;

/// <summary>The factories of custom mappings that model files can name by contract.</summary>
public sealed class ComponentCatalog
{
    private readonly Dictionary<string, Type> _factories = [];
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly Lock _lock = new();

    internal ComponentCatalog()
    {
    }

    /// <summary>Registers the classes of an assembly that are marked with <see cref="CustomMappingFactoryAttributeAttribute"/>.</summary>
    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        lock (_lock)
        {
            if (!_assemblies.Add(assembly))
                return;
            foreach (var type in assembly.GetTypes())
                if (type.GetCustomAttribute<ExtensionBaseAttribute>() is { } attribute)
                    Register(attribute.ContractName, type, throwOnError);
        }
    }

    internal object CreateFactory(string contractName)
    {
        lock (_lock)
            return _factories.TryGetValue(contractName, out var type)
                ? Activator.CreateInstance(type)
                : throw new InvalidOperationException($"Could not locate component for the contract '{contractName}'; register its "
                    + "assembly with MLContext.ComponentCatalog.RegisterAssembly.");
    }

    private void Register(string contract, Type type, bool throwOnError)
    {
        var problem = type.GetConstructor(Type.EmptyTypes) is null
            ? $"Can't instantiate class {type.Name}: it has no public parameterless constructor."
            : _factories.TryGetValue(contract, out var known) && known != type
                ? $"Component {type.Name} with the contract name '{contract}' already exists in the catalog."
            : null;
        if (problem is null)
            _factories[contract] = type;
        else if (throwOnError)
            throw new InvalidOperationException(problem);
    }
}
