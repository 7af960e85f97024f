using System;
using System.IO;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Names the contract under which a model file asks for a custom mapping.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = true)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    public CustomMappingFactoryAttributeAttribute(string contractName) : base(contractName)
    {
    }
}

/// <summary>What a factory does for a model file.</summary>
internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(string contractName);
}

/// <summary>A custom mapping in a model file: the contract and the assembly that fulfils it, no code and no state.</summary>
internal static class CustomMappingContract
{
    public const string Signature = "CustomMapping";

    public static void Save(ModelSaveContext ctx, string contractName, Type declaringType)
    {
        if (string.IsNullOrEmpty(contractName))
            throw new InvalidOperationException("Empty contract name for a custom mapping: a custom mapping can only be saved with a "
                + "contract name.");
        ctx.SetSignature(Signature, 1);
        ctx.Writer.Write(contractName);
        ctx.Writer.Write(declaringType?.Assembly.FullName ?? "");
    }

    public static ITransformer Load(IHostEnvironment env, ModelLoadContext ctx)
    {
        var contractName = ctx.Reader.ReadString();
        RegisterAssembly(env, ctx.Reader.ReadString());
        return env.ComponentCatalog.CreateFactory(contractName) is ICustomMappingFactory factory
            ? factory.CreateTransformer(contractName)
            : throw new InvalidOperationException($"The component of the contract '{contractName}' is not a custom mapping factory.");
    }

    // The assembly may be gone or renamed; then the contract must have been registered by hand, which is checked next.
    private static void RegisterAssembly(IHostEnvironment env, string name)
    {
        if (name.Length == 0)
            return;
        Assembly assembly;
        try
        {
            assembly = Assembly.Load(new AssemblyName(name));
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return;
        }
        env.ComponentCatalog.RegisterAssembly(assembly, throwOnError: false);
    }
}
