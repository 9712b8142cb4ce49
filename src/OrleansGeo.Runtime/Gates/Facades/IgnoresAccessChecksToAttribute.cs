using System.Reflection;

namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows it by this name: an assembly that is made at run time may use what is internal in another. Grain interfaces often are.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public static ConstructorInfo Constructor { get; } = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;

    public string AssemblyName { get; } = assemblyName;
}
