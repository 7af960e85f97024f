using System;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with a type that is known only at run time; used once for each column, never for each row.</summary>
internal static class GenericDispatch
{
    /// <param name="method">The method with any type argument, of which the definition is taken.</param>
    /// <param name="type">The type argument to call it with.</param>
    /// <param name="arguments">The arguments.</param>
    public static object Invoke(Delegate method, Type type, params object[] arguments) => Invoke(method, [type], arguments);

    public static object Invoke(Delegate method, Type[] types, params object[] arguments) =>
        method.Method.GetGenericMethodDefinition().MakeGenericMethod(types)
            .Invoke(method.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
