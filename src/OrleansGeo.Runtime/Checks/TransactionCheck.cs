using System.Reflection;

namespace OrleansGeo.Runtime.Checks;

/// <summary>No transactions of Orleans: they know of one cluster. Known by name, for their package is not referenced here.</summary>
internal sealed class TransactionCheck : IGrainClassCheck
{
    public IEnumerable<Finding> Look(GeoGrainClass grain)
    {
        foreach (var method in grain.InterfaceMethods.Where(static method => Has(method, "Orleans.TransactionAttribute")))
        {
            yield return new(
                $"method {method.DeclaringType!.Name}.{method.Name}",
                "it is a [Transaction], which does not reach other regions: what fails would not be undone. Take the attribute off; the changes of one call of one geo grain are stored together or not at all.");
        }

        foreach (var parameter in grain.ConstructorParameters.Where(static parameter => Has(parameter, "Orleans.Transactions.Abstractions.TransactionalStateAttribute")))
        {
            yield return new(
                $"parameter '{parameter.Name}'",
                "it is a [TransactionalState], which stays in this region: other regions would see none of it, and it would be lost with this one. Use [PersistentState(\"…\", \"geo\")].");
        }
    }

    private static bool Has(MemberInfo member, string attribute) => member.CustomAttributes.Any(data => data.AttributeType.FullName == attribute);

    private static bool Has(ParameterInfo parameter, string attribute) => parameter.CustomAttributes.Any(data => data.AttributeType.FullName == attribute);
}
