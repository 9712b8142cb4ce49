using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace OrleansGeo.Runtime.Gates.Facades;

/// <summary>Makes, once for each grain class, the class of its facade: every grain interface, each method of which calls the same method of a reference to the entity.</summary>
internal static class FacadeFactory
{
    private static readonly ConcurrentDictionary<Type, Lazy<Type>> Made = new();

    private static readonly ConstructorInfo BaseConstructor = typeof(GeoFacade).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, [typeof(GeoActivation)])!;

    private static readonly MethodInfo Self = typeof(GeoFacade).GetMethod(nameof(GeoFacade.Self), BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!;

    private static readonly MethodInfo TypeFromHandle = typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!;

    public static Type TypeOf(Type grainClass) => Made.GetOrAdd(grainClass, static type => new(() => Make(type))).Value;

    private static Type Make(Type grainClass)
    {
        var interfaces = grainClass.GetInterfaces().Where(static type => typeof(IAddressable).IsAssignableFrom(type)).ToList();
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new("OrleansGeo.Facades"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Facades");
        var mayUse = DefineAccess(module);
        foreach (var name in interfaces.SelectMany(Assemblies).Append(typeof(GeoFacade).Assembly.GetName().Name!).Distinct())
        {
            assembly.SetCustomAttribute(new(mayUse, [name]));
        }

        // Named as the author's class, so that logs and dashboards stay right.
        var type = module.DefineType(NameOf(grainClass), TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, typeof(GeoFacade));
        DefineConstructor(type);
        foreach (var attribute in grainClass.GetCustomAttributesData().Where(static data => data.AttributeType == typeof(Orleans.Providers.StorageProviderAttribute)))
        {
            type.SetCustomAttribute(CopyOf(attribute));
        }

        foreach (var contract in interfaces)
        {
            type.AddInterfaceImplementation(contract);
            foreach (var method in contract.GetMethods().Where(static method => method.IsAbstract && !method.IsStatic))
            {
                DefineForwarder(type, contract, method);
            }
        }

        return type.CreateType();
    }

    private static string NameOf(Type grainClass) => (grainClass.Namespace is { } space ? space + "." : "") + grainClass.Name;

    /// <summary>The attribute that the runtime knows by its name: an assembly that is made at run time may use what is internal in another. Grain interfaces often are.</summary>
    private static ConstructorInfo DefineAccess(ModuleBuilder module)
    {
        var type = module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Class, typeof(Attribute));
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }

    private static void DefineConstructor(TypeBuilder type)
    {
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(GeoActivation)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, BaseConstructor);
        il.Emit(OpCodes.Ret);
    }

    private static void DefineForwarder(TypeBuilder type, Type contract, MethodInfo method)
    {
        var forwarder = type.DefineMethod($"{contract.FullName}.{method.Name}", MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot);
        var generics = method.GetGenericArguments();
        GenericTypeParameterBuilder[] own = generics.Length == 0 ? [] : forwarder.DefineGenericParameters([.. generics.Select(static parameter => parameter.Name)]);
        for (var i = 0; i < own.Length; i++)
        {
            own[i].SetGenericParameterAttributes(generics[i].GenericParameterAttributes);
            var constraints = generics[i].GetGenericParameterConstraints().Select(constraint => Own(constraint, own)).ToList();
            own[i].SetInterfaceConstraints([.. constraints.Where(static constraint => constraint.IsInterface)]);
            if (constraints.Find(static constraint => !constraint.IsInterface) is { } baseType)
            {
                own[i].SetBaseTypeConstraint(baseType);
            }
        }

        forwarder.SetReturnType(Own(method.ReturnType, own));
        var parameters = method.GetParameters();
        forwarder.SetParameters([.. parameters.Select(parameter => Own(parameter.ParameterType, own))]);
        var il = forwarder.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldtoken, contract);
        il.Emit(OpCodes.Call, TypeFromHandle);
        il.Emit(OpCodes.Call, Self);
        il.Emit(OpCodes.Castclass, contract);
        for (var i = 1; i <= parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, (short)i);
        }

        il.Emit(OpCodes.Callvirt, own.Length == 0 ? method : method.MakeGenericMethod(own));
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(forwarder, method);
    }

    /// <summary>A type of the method's signature, with the forwarder's type parameters in the place of the method's.</summary>
    private static Type Own(Type type, Type[] own) =>
        own.Length == 0 ? type
        : type is { IsGenericMethodParameter: true } ? own[type.GenericParameterPosition]
        : type.IsArray ? (type.IsSZArray ? Own(type.GetElementType()!, own).MakeArrayType() : Own(type.GetElementType()!, own).MakeArrayType(type.GetArrayRank()))
        : type is { IsGenericType: true, ContainsGenericParameters: true } ? type.GetGenericTypeDefinition().MakeGenericType([.. type.GetGenericArguments().Select(argument => Own(argument, own))])
        : type;

    private static CustomAttributeBuilder CopyOf(CustomAttributeData attribute)
    {
        var properties = attribute.NamedArguments.Where(static argument => !argument.IsField).ToList();
        return new(
            attribute.Constructor,
            [.. attribute.ConstructorArguments.Select(static argument => argument.Value)],
            [.. properties.Select(static argument => (PropertyInfo)argument.MemberInfo)],
            [.. properties.Select(static argument => argument.TypedValue.Value)]);
    }

    /// <summary>The assemblies whose types a contract names: some of them may be internal there.</summary>
    private static IEnumerable<string> Assemblies(Type contract) => contract.GetMethods()
        .SelectMany(static method => method.GetParameters().Select(static parameter => parameter.ParameterType).Append(method.ReturnType))
        .Append(contract)
        .SelectMany(Parts)
        .Select(static type => type.Assembly.GetName().Name!);

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type)
        : [type];
}
